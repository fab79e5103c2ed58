-- model: near_contact
-- grain: one inbound contact of a customer who rated a contact or booked a call
-- inputs: file_contact, file_survey_reply, file_callback_booking, same_person
-- fills: failed_attempt
with
asking as (
    select customer_id from file_survey_reply where about_kind_code = 'contact'
    union select customer_id from file_callback_booking where contact_id is null
),
customer as (
    select customer_id from asking
    union select same_person.other_id from same_person semi join asking using (customer_id)
),
final as (
    select contact_id, customer_id, started_at, coalesce({failed_attempt}, false) as is_failed_attempt
    from file_contact
    where direction_code = 'inbound' and customer_id in (select customer_id from customer)
)
select * from final
