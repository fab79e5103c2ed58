-- model: night_event
-- grain: one event
-- inputs: core_ticket, core_repair_action, core_callback_booking
-- params: first_on, last_on
-- Tickets opened, suspended, archived and reopened, repairs done, callbacks booked and made, on the days; named as the
-- live events of the same happening are. A booking is about the contact that failed, where it names one.
-- A ticket that was reopened after its closing was closed before that reopening, and is at work again.
with
ticket as (select * from core_ticket where customer_id is not null),
archived as (
    select
        'ticket_archived:' || ticket_id || ':' || reopen_count as event_id, 'ticket_archived' as kind_code, customer_id,
        topic_code,
        kind_code as ticket_kind_code, case when is_resolved then 'resolved' else 'unresolved' end as outcome_code,
        city_code, handler_id,
        'ticket' as about_kind_code, ticket_id as about_id, closed_at as happened_at, null::timestamptz as promised_at
    from (
        select * replace (coalesce(reopen_count, 0)
            - case when reopened_at > closed_at and reopen_count > 0 then 1 else 0 end as reopen_count)
        from ticket
    )
    where closed_at::date between $first_on and $last_on
),
reopened as (
    select
        'ticket_reopened:' || ticket_id || ':' || coalesce(reopen_count, 1) as event_id, 'ticket_reopened' as kind_code,
        customer_id, topic_code,
        kind_code as ticket_kind_code, null as outcome_code, city_code, handler_id, 'ticket' as about_kind_code,
        ticket_id as about_id,
        reopened_at as happened_at, null::timestamptz as promised_at
    from ticket
    where reopened_at::date between $first_on and $last_on
),
filed as (
    select
        'complaint_filed:' || ticket_id as event_id, 'complaint_filed' as kind_code, customer_id, topic_code,
        kind_code as ticket_kind_code,
        null as outcome_code, city_code, handler_id, 'ticket' as about_kind_code, ticket_id as about_id,
        opened_at as happened_at, promised_at
    from ticket
    where kind_code = 'complaint' and opened_on between $first_on and $last_on
),
suspended as (
    select
        'ticket_suspended:' || ticket_id as event_id, 'ticket_suspended' as kind_code, customer_id, topic_code,
        kind_code as ticket_kind_code,
        null as outcome_code, city_code, handler_id, 'ticket' as about_kind_code, ticket_id as about_id,
        coalesce(suspended_at, opened_at) as happened_at, coalesce(promised_at, suspended_until) as promised_at
    from ticket
    where suspended_until is not null and coalesce(suspended_at, opened_at)::date between $first_on and $last_on
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
    select * from filed
    union all by name
    select * from suspended
    union all by name
    select * from archived
    union all by name
    select * from reopened
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
