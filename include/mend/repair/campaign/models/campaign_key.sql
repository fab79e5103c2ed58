-- model: campaign_key
-- grain: one candidate
-- inputs: campaign_candidate, campaign_audience
-- params: has_authority, asked_mask
-- What decides on their gates and arms, and nothing else: candidates who have it in common share a pattern.
select
    campaign_candidate.place,
    campaign_audience.audience_mask,
    campaign_candidate.fact_mask & 3 as fact_mask,
    campaign_candidate.contact_mask,
    campaign_candidate.earlier_mask & $asked_mask as earlier_mask,
    campaign_candidate.capped_mask & $asked_mask as capped_mask,
    campaign_candidate.withheld_mask
        & (campaign_audience.audience_mask * 2 + 1 + (cast(1 as bigint) << 62)) as withheld_mask,
    case when $has_authority then campaign_candidate.level else 0 end as level
from campaign_candidate
join campaign_audience on campaign_candidate.place = campaign_audience.place
