-- model: changed_link
-- grain: one day of tickets or bookings that contacts did not have before
-- inputs: change, raw_ticket, raw_callback_booking, core_quarantine, core_ticket, core_callback_booking
-- share: whole
-- params: first_day
-- A ticket or booking comes again whenever something happens to it. To contacts that matters only when it came for the
-- first time, when its versions do not agree on whom it belongs to and when, or when it is there no more.
with
changed as (
    select distinct record_code, subject_id, subject_on from change where record_code in ('ticket', 'callback_booking')
),
version as (
    select
        'ticket' as record_code, ticket_id as subject_id, customer_id, contact_id, opened_at as moment_at,
        arrived_on, batch_number, line_number
    from raw_ticket
    union all
    select 'callback_booking', booking_id, customer_id, null, requested_at, arrived_on, batch_number, line_number
    from raw_callback_booking
),
accepted as (
    select version.*
    from version
    semi join changed using (record_code, subject_id)
    anti join core_quarantine using (record_code, batch_number, line_number)
),
known as (
    select
        record_code,
        subject_id,
        min(arrived_on) < $first_day
            and count(distinct (coalesce(customer_id, ''), coalesce(contact_id, ''), moment_at)) = 1 as is_as_before
    from accepted
    group by record_code, subject_id
),
held as (
    select 'ticket' as record_code, ticket_id as subject_id from core_ticket
    union all
    select 'callback_booking', booking_id from core_callback_booking
),
final as (
    select distinct changed.subject_on
    from changed
    left join known using (record_code, subject_id)
    left join held using (record_code, subject_id)
    where not coalesce(known.is_as_before, false) or held.subject_id is null
)
select * from final
