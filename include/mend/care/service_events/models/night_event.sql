-- model: night_event
-- grain: one event
-- inputs: ticket_happening, core_repair_action, core_callback_booking
-- params: first_on, last_on
-- Tickets opened, suspended, archived and reopened, repairs done, callbacks booked and made, on the days; named as the
-- live events of the same happening are. A booking is about the contact that failed, where it names one.
with
of_ticket as (
    select * exclude (known_on)
    from ticket_happening
    where customer_id is not null and known_on between $first_on and $last_on
),
repaired as (
    select
        'repair_done:' || repair_id as event_id, 'repair_done' as kind_code, customer_id, null as topic_code,
        null as ticket_kind_code,
        outcome_code, null as city_code, null as handler_id,
        case when ticket_id is not null then 'ticket' when contact_id is not null then 'contact'
            else 'campaign' end as about_kind_code,
        coalesce(ticket_id, contact_id, repair_id) as about_id, done_at as happened_at, null::timestamptz as promised_at
    from core_repair_action
    where done_on between $first_on and $last_on
),
booking as (
    select
        booking_id, customer_id, null as topic_code, null as ticket_kind_code, null as city_code, null as handler_id,
        'contact' as about_kind_code, coalesce(contact_id, booking_id) as about_id, requested_at, called_back_at,
        is_reached, null::timestamptz as promised_at
    from core_callback_booking
),
booked as (
    select
        * exclude (booking_id, requested_at, called_back_at, is_reached),
        'callback_booked:' || booking_id as event_id, 'callback_booked' as kind_code, null as outcome_code,
        requested_at as happened_at
    from booking
    where requested_at::date between $first_on and $last_on or called_back_at::date between $first_on and $last_on
),
called_back as (
    select
        * exclude (booking_id, requested_at, called_back_at, is_reached),
        'callback_made:' || booking_id as event_id, 'callback_made' as kind_code, 'reached' as outcome_code,
        called_back_at as happened_at
    from booking
    where is_reached and called_back_at::date between $first_on and $last_on and called_back_at >= requested_at
),
happened as (
    select * from of_ticket
    union all by name
    select * from repaired
    union all by name
    select * from booked
    union all by name
    select * from called_back
),
final as (
    select
        event_id, kind_code, customer_id, topic_code, ticket_kind_code, outcome_code, city_code, handler_id,
        about_kind_code, about_id, happened_at,
        promised_at
    from happened
    order by happened_at, event_id
)
select * from final
