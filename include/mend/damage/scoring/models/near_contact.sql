-- model: near_contact
-- grain: one contact that a record names, or of a customer who rated a contact or booked a call
-- inputs: file_contact, file_survey_reply, file_callback_booking, file_repair_action, same_person
-- params: first_day, booked_since
-- fills: failed_attempt
-- Only what may be decided from the first day on: ratings of that time and earlier ones of the same contacts, bookings
-- whose time limit or call back is later, and what the records of these days name.
with
rated as (
    select distinct about_id as contact_id
    from file_survey_reply
    where about_kind_code = 'contact' and about_id is not null and replied_on >= $first_day
),
asking as (
    select customer_id from file_survey_reply
        where about_kind_code = 'contact' and about_id in (select contact_id from rated)
    union select customer_id from file_callback_booking
        where contact_id is null and (requested_on >= $booked_since or cast(called_back_at as date) >= $first_day)
),
customer as (
    select customer_id from asking
    union select same_person.other_id from same_person semi join asking using (customer_id)
),
named as (
    select contact_id from rated
    union select contact_id from file_callback_booking where contact_id is not null and requested_on >= $first_day
    union select contact_id from file_repair_action where contact_id is not null and done_on >= $first_day
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
