-- model: complaint_cause
-- grain: one complaint of the month
-- inputs: complaint, contact_place, posted
-- share: customer_id
-- params: complaint_us
-- What each complaint goes back to: the latest contact of the same person that hurt them, on the same topic, at most so
-- long before; the contact in which they complained only when there is no other. One contact at most, so that a
-- complaint counts once in a dimension. Without a topic nobody knows the matter, and there is no cause.
with
opening as (
    select
        complaint.ticket_id,
        complaint.customer_id,
        complaint.contact_id,
        complaint.opened_at,
        coalesce(nullif(complaint.topic_code, ''), contact_place.topic_code) as topic_code
    from complaint
    left join contact_place on complaint.contact_id = contact_place.contact_id
),
damaged as (
    select contact_id from posted group by contact_id having sum(thousandths) > 0
),
hurt as (select contact_place.* from contact_place semi join damaged on contact_place.contact_id = damaged.contact_id),
candidate as (
    select
        opening.ticket_id,
        hurt.*,
        hurt.contact_id is not distinct from opening.contact_id as is_opening
    from opening
    join hurt
        on opening.customer_id = hurt.customer_id
            and opening.topic_code = hurt.topic_code
            and hurt.started_at <= opening.opened_at
            and epoch_us(opening.opened_at) - epoch_us(hurt.started_at) <= $complaint_us
),
cause as (
    select *
    from candidate
    qualify row_number() over (partition by ticket_id order by is_opening, started_at desc, contact_id) = 1
),
final as (
    select
        opening.ticket_id,
        opening.customer_id is not null and opening.topic_code is not null as is_attributable,
        cause.contact_id is not null as has_cause,
        cause.ivr_node, cause.topic, cause.agent_group, cause.center, cause.plan, cause.city
    from opening
    left join cause on opening.ticket_id = cause.ticket_id
)
select * from final
