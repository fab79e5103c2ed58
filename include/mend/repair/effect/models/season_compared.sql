-- model: season_compared
-- grain: one person who came into a campaign of the season
-- inputs: season_entry
-- share: customer_id
-- The whole programme against the universal arm, since the season began; by the month in which each was drawn.
select
    'all' as strategy_code,
    'cumulative' as estimand_code,
    month,
    customer_id,
    not is_universal_hold_out as is_treated
from season_entry
