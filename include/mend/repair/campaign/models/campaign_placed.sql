-- model: campaign_placed
-- grain: one candidate
-- inputs: campaign_key, campaign_pattern
-- Who has which pattern.
select campaign_key.place, campaign_pattern.pattern_number
from campaign_key
join campaign_pattern using (audience_mask, fact_mask, contact_mask, earlier_mask, capped_mask, withheld_mask, level)
