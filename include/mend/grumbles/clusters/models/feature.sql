-- model: feature
-- grain: one customer
-- inputs: input_customer, input_contact, input_grumble, input_complaint, input_reply
-- params: year, last_day, has_contacts, has_complaints, has_replies
-- fills: areas, filled
-- Features of value (the month's snapshot) and of behaviour (the months before and the month). Null: not known. Sums
-- are of whole numbers, divided once: those of fractions would differ in the last digit with the order of rows.
with
member as (
    select
        customer_id,
        any_value(brand_code) as brand_code,
        any_value($year - birth_year) as age,
        any_value(datediff('month', joined_on, $last_day)) as tenure_months,
        any_value(cast(arpu_amount as double)) as arpu_amount,
        any_value(minutes_of_use) as minutes_of_use,
        any_value(sms_count) as sms_count,
        any_value(data_mb) as data_mb,
        any_value(cast(value_added_amount as double)) as value_added_amount
    from input_customer
    group by customer_id
),
brand as (
    select brand_code, round(sum(cast(round(100 * arpu_amount) as bigint)) / nullif(count(arpu_amount), 0) / 100, 2)
        as brand_spend
    from member
    where brand_code is not null
    group by brand_code
),
contact_topic as (
    select
        customer_id,
        topic_code,
        count(*) as contacts,
        count(case when is_abandoned then 1 end) as abandoned,
        count(is_abandoned) as abandon_known,
        sum(case when is_abandoned then cast(queue_seconds as bigint) end) as abandon_seconds,
        sum(case when is_answered then cast(hold_seconds as bigint) end) as hold_seconds,
        count(case when is_answered then hold_seconds end) as hold_known,
        count(mood_code) as moods,
        count(case when mood_code = 'angry' then 1 end) * 2 + count(case when mood_code = 'annoyed' then 1 end) as anger
    from input_contact
    where customer_id is not null and direction_code = 'inbound'
    group by customer_id, topic_code
),
contact as (
    select
        customer_id,
        sum(contacts) as contact_count,
        sum(case when topic_code is not null then contacts - 1 end) as repeat_count,
        case when sum(abandon_known) > 0 then sum(abandoned) end as abandon_count,
        sum(abandon_seconds) / nullif(sum(abandoned), 0) as abandon_seconds,
        sum(hold_seconds) / nullif(sum(hold_known), 0) as hold_seconds,
        sum(anger) / 2 / nullif(sum(moods), 0) as anger_share
    from contact_topic
    group by customer_id
),
grumble as (
    select customer_id, {areas}
    from input_grumble
    group by customer_id
),
complaint as (
    select customer_id, count(*) as complaint_count, count(case when is_escalated then 1 end) as escalated_count
    from input_complaint
    where customer_id is not null
    group by customer_id
),
reply as (
    select
        customer_id, count(*) as reply_count,
        sum(cast(round(1e10 * score / score_scale) as bigint)) / nullif(count(score), 0) / 1e9 as reply_score
    from input_reply
    group by customer_id
),
final as (
    select
        member.* exclude (brand_code),
        brand.brand_spend,
        contact.customer_id is null and grumble.customer_id is null and complaint.customer_id is null
            and reply.customer_id is null as is_silent,
        case when $has_contacts then coalesce(contact_count, 0) end as contact_count,
        case when $has_contacts then coalesce(repeat_count, 0) end as repeat_count,
        case when $has_contacts and contact.customer_id is null then 0 else abandon_count end as abandon_count,
        abandon_seconds,
        hold_seconds,
        anger_share,
        {filled},
        case when $has_complaints then coalesce(complaint_count, 0) end as complaint_count,
        case when $has_complaints then coalesce(escalated_count, 0) end as escalated_count,
        case when $has_replies then coalesce(reply_count, 0) end as reply_count,
        reply_score
    from member
    left join brand using (brand_code)
    left join contact using (customer_id)
    left join grumble using (customer_id)
    left join complaint using (customer_id)
    left join reply using (customer_id)
)
select * from final
