-- model: campaign_base
-- grain: one candidate: damaged, in consolidation, or warned of
-- inputs: month_file, campaign_hit, campaign_dropped, campaign_reply, campaign_ticket, campaign_warning, campaign_cluster, snapshot, preferred_channel
-- params: month, first_day, year, indicator_ids, unsatisfied_mask, unconnected_mask
-- All that a campaign asks of a customer. Their place is the worst-first order: of one level the doubly damaged come
-- first, then the explicit, then by score, then by id.
with
known as (
    select month_file.*, campaign_warning.warning_level, campaign_warning.complaint_probability,
        coalesce(campaign_warning.has_network_grumble, false) as has_network_grumble
    from month_file
    left join campaign_warning on month_file.customer_id = campaign_warning.customer_id
    where month_file.month = $month
        and (month_file.level >= 1 or month_file.is_in_consolidation or campaign_warning.warning_level > 0)
),
asked as (
    select customer_id, birth_year, gender_code, brand_code, plan_code, has_survey_consent, has_marketing_consent
    from snapshot
    where month_on = $first_day
),
joined as (
    select
        known.*,
        campaign_cluster.value_code,
        campaign_cluster.behaviour_code,
        coalesce(campaign_hit.hit_mask, 0) as hit_mask,
        coalesce(campaign_hit.reasons, []) as reasons,
        coalesce(campaign_ticket.has_complaint_open, false) as has_complaint_open,
        coalesce(campaign_ticket.has_suspended_ticket, false) as has_suspended_ticket,
        coalesce(campaign_ticket.has_network_complaint, false) as has_network_complaint,
        campaign_dropped.customer_id is not null as is_dropped,
        campaign_reply.customer_id is not null as is_surveyed,
        coalesce(campaign_reply.is_dissatisfied_hangup, false) as is_dissatisfied_hangup,
        $year - asked.birth_year as age,
        asked.gender_code,
        asked.brand_code,
        asked.plan_code,
        preferred_channel.preferred_channel_code,
        coalesce(asked.has_survey_consent, false) as has_survey_consent,
        coalesce(asked.has_marketing_consent, false) as has_marketing_consent
    from known
    left join campaign_hit on known.customer_id = campaign_hit.customer_id
    left join campaign_dropped on known.customer_id = campaign_dropped.customer_id
    left join campaign_reply on known.customer_id = campaign_reply.customer_id
    left join campaign_ticket on known.customer_id = campaign_ticket.customer_id
    left join campaign_cluster on known.customer_id = campaign_cluster.customer_id
    left join asked on known.customer_id = asked.customer_id
    left join preferred_channel on known.customer_id = preferred_channel.customer_id
),
final as (
    select
        cast(row_number() over (
            order by level desc, segment_code = 'double' desc, explicit_grade > 0 desc, score desc, customer_id
        ) as integer) as place,
        customer_id,
        coalesce(city_code, 'unknown') as city_code,
        level, score, segment_code, is_explicit, explicit_grade, is_escalated, is_in_consolidation,
        lifecycle_stage_code, value_code, behaviour_code,
        coalesce(warning_level, 0) as warning_level,
        complaint_probability,
        peak_points, contact_count, incident_count,
        hit_mask,
        cast(has_left as bigint)
            + 2 * cast(has_complaint_open as bigint)
            + 4 * cast(hit_mask & $unsatisfied_mask <> 0 as bigint)
            + 8 * cast(is_dropped as bigint)
            + 16 * cast(is_dissatisfied_hangup as bigint)
            + 32 * cast(hit_mask & $unconnected_mask <> 0 as bigint)
            + 64 * cast(coalesce(value_code = 'high', false) as bigint)
            + 128 * cast(is_surveyed as bigint)
            + 256 * cast(has_survey_consent as bigint)
            + 512 * cast(has_marketing_consent as bigint)
            + 1024 * cast(has_suspended_ticket as bigint)
            + 2048 * cast(has_network_grumble or has_network_complaint as bigint) as fact_mask,
        array_to_string(list_transform(reasons, lambda reason:
            list_extract($indicator_ids, 64 - (reason >> 10 & 63)) || ':' || (reason >> 20) || ':' || (reason & 1023)
        ), ',') as reason_ids,
        case
            when age is null then 'unknown'
            when age < 25 then 'under_25'
            when age < 35 then '25_34'
            when age < 45 then '35_44'
            when age < 55 then '45_54'
            when age < 65 then '55_64'
            else '65_and_over'
        end as age_band_code,
        coalesce(gender_code, 'unknown') as gender_code,
        brand_code, plan_code, preferred_channel_code
    from joined
)
select * from final
