-- model: campaign_request
-- grain: one candidate of whom the contact rules are asked
-- inputs: campaign_base, campaign_audience
-- params: asking_mask
-- Who left, or is in no audience that needs an answer, is not asked for.
select campaign_base.customer_id, campaign_base.place
from campaign_base
join campaign_audience on campaign_base.place = campaign_audience.place
where campaign_audience.audience_mask & $asking_mask <> 0 and campaign_base.fact_mask & 1 = 0
