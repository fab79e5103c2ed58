-- model: near_contact
-- grain: one contact that a record names, or of a customer who rated a contact or booked a call
-- inputs: file_contact, file_survey_reply, file_callback_booking, file_repair_action, same_person
-- params: near_day
-- fills: failed_attempt
with
asking as (
    select customer_id from file_survey_reply where about_kind_code = 'contact' and replied_on >= $near_day
    union select customer_id from file_callback_booking where contact_id is null
),
customer as (
    select customer_id from asking
    union select same_person.other_id from same_person semi join asking using (customer_id)
),
named as (
    select about_id as contact_id from file_survey_reply where about_kind_code = 'contact' and replied_on >= $near_day
    union select contact_id from file_callback_booking where contact_id is not null
    union select contact_id from file_repair_action where contact_id is not null and done_on >= $near_day
),
final as (
    select
        contact_id, customer_id, started_at, direction_code = 'inbound' as is_inbound,
        coalesce({failed_attempt}, false) as is_failed_attempt
    from file_contact
    where customer_id in (select customer_id from customer where customer_id is not null)
        or contact_id in (select contact_id from named)
)
select * from final
