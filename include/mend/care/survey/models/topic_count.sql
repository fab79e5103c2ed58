-- model: topic_count
-- grain: one topic of a month
-- inputs: core_contact, survey_row
-- params: after, first, repeat_days
-- order: topic_code
-- What the record, the customers and repeat contacts say of each topic. A contact is followed when the days after it
-- are over by the month's end, so that the month alone decides.
--   anna, roaming: 4 May, 11 May (same hour), 28 May -> three contacts, two followed, the first is repeated
with
inbound as (
    select contact_id, customer_id, topic_code, started_at, is_resolved
    from core_contact
    where direction_code = 'inbound' and topic_code is not null and started_at >= $first and started_at < $after
),
placed as (
    select
        *,
        lead(started_at) over (partition by customer_id, topic_code order by started_at, contact_id) as again_at,
        customer_id is not null and started_at < $after - to_days($repeat_days) as is_followed
    from inbound
),
contacted as (
    select
        topic_code,
        count(*) as contact_count,
        count(*) filter (where is_resolved) as resolved_count,
        count(*) filter (where not is_resolved) as unresolved_count,
        count(*) filter (where is_followed) as followed_count,
        count(*) filter (where is_followed and again_at <= started_at + to_days($repeat_days)) as repeat_count
    from placed
    group by topic_code
),
asked as (
    select
        topic_code,
        count(*) as asked_count,
        count(*) filter (where state_code = 'answered' and is_solved is not null) as answered_count,
        count(*) filter (where state_code = 'answered' and not is_solved) as unsolved_count
    from survey_row
    where is_asked and purpose_code = 'complex_question' and topic_code is not null
    group by topic_code
),
final as (
    select
        coalesce(contacted.topic_code, asked.topic_code) as topic_code,
        coalesce(contact_count, 0) as contact_count,
        coalesce(resolved_count, 0) as resolved_count,
        coalesce(unresolved_count, 0) as unresolved_count,
        coalesce(asked_count, 0) as asked_count,
        coalesce(answered_count, 0) as answered_count,
        coalesce(unsolved_count, 0) as unsolved_count,
        coalesce(followed_count, 0) as followed_count,
        coalesce(repeat_count, 0) as repeat_count
    from contacted full join asked on contacted.topic_code = asked.topic_code
)
select * from final
