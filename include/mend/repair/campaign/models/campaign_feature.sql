-- model: campaign_feature
-- grain: one candidate
-- inputs: campaign_base
-- fills: hits
-- The columns that an audience may ask for: facts and indicators, each by its name.
select
    place,
    customer_id,
    city_code,
    level,
    cast(score as double) as score,
    segment_code,
    segment_code <> 'none' and not is_explicit as is_potential,
    is_explicit,
    explicit_grade,
    is_escalated,
    is_in_consolidation,
    lifecycle_stage_code,
    value_code,
    behaviour_code,
    brand_code,
    plan_code,
    preferred_channel_code,
    age_band_code,
    warning_level,
    peak_points,
    contact_count,
    incident_count,
    fact_mask & 2 <> 0 as has_complaint_open,
    fact_mask & 4 <> 0 as has_unsatisfied_closed_ticket,
    fact_mask & 8 <> 0 as is_dropped_without_reply,
    fact_mask & 16 <> 0 as is_dissatisfied_hangup,
    fact_mask & 32 <> 0 as is_failed_to_connect,
    fact_mask & 64 <> 0 as is_high_value,
    fact_mask & 128 <> 0 as is_surveyed,
    fact_mask & 256 <> 0 as has_consent_service,
    fact_mask & 512 <> 0 as has_consent_marketing,
    fact_mask & 1024 <> 0 as has_suspended_ticket,
    fact_mask & 2048 <> 0 as has_network_grumble,
    {hits}
from campaign_base
