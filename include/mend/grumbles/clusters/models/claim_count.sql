-- model: claim_count
-- grain: one label of the month before and one question
-- inputs: cluster_before, contact_now, grumble_now, complaint_after
-- order: kind_code, code, question
-- What the customers of last month's labels did in this month: of how many a question asks, and of how many it is true.
with
asked as (
    select customer_id, 'angry' as question, angry_count > 0 as is_true
    from contact_now
    where angry_count + annoyed_count > 0
    union all
    select customer_id, unnest(['traditional', 'ivr_sms', 'web_wap']),
        2 * unnest([traditional_count, ivr_sms_count, web_wap_count])
            > traditional_count + ivr_sms_count + web_wap_count
    from contact_now
    where traditional_count + ivr_sms_count + web_wap_count > 0
    union all
    select customer_id, 'about_money', money_count > 0 from grumble_now where money_count + other_count > 0
    union all
    select customer_id, 'complains', has_complaint from complaint_after
    union all
    select customer_id, 'complains_soon', has_complaint_soon from complaint_after where has_complaint_soon is not null
),
labelled as (
    select
        unnest(['consumption', 'behaviour']) as kind_code,
        unnest([consumption_code, behaviour_code]) as code,
        question, is_true
    from cluster_before
    join asked using (customer_id)
),
final as (
    select kind_code, code, question, count(*) as customers, count(case when is_true then 1 end) as are_true
    from labelled
    where code is not null
    group by kind_code, code, question
)
select * from final
