-- A contact with what its own row and the month before say. Inputs: target_contact, topic_median.
with
contact as (select * from target_contact),
median as (select * from topic_median),
final as (
    select
        contact.*,
        coalesce(contact.talk_seconds, 0) + coalesce(contact.hold_seconds, 0) as handling_seconds,
        median.median_handling_seconds as topic_median_seconds
    from contact
    left join median
        on contact.topic_code = median.topic_code
        and date_trunc('month', contact.started_on) = median.applies_to_month_on
)
select * from final
