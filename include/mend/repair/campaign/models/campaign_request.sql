-- model: campaign_request
-- grain: one candidate of whom the contact rules are asked
-- inputs: campaign_base, campaign_audience
-- params: asking_mask, kind, at, planned_at, latest_at, consent_code
-- In the columns of contact_request. Who left, or is in no audience that needs an answer, is not asked for.
select
    $kind || ':' || campaign_base.customer_id as request_key,
    campaign_base.customer_id,
    cast(null as varchar) as phone_number,
    cast(null as varchar) as zones,
    cast(null as varchar) as language_code,
    cast(null as varchar) as topic_code,
    cast(null as varchar) as about_id,
    cast($at as timestamptz) as happened_at,
    cast($planned_at as timestamptz) as planned_at,
    cast($latest_at as timestamptz) as latest_at,
    $consent_code as consent_code,
    false as is_promised,
    true as needs_consent,
    false as has_question,
    0 as priority
from campaign_base
join campaign_audience on campaign_base.place = campaign_audience.place
where campaign_audience.audience_mask & $asking_mask <> 0 and campaign_base.fact_mask & 1 = 0
