-- model: season_sum
-- grain: one theme
-- inputs: match_file
-- params: month
-- order: theme_code
-- A theme's customers together.
select
    theme_code, bool_or(is_in_season) as is_in_season, cast(sum(customer_count) as bigint) as customer_count,
    cast(sum(damaged_count) as bigint) as damaged_count,
    cast(sum(severe_count + critical_count) as bigint) as severe_count
from match_file
where month = $month
group by theme_code
