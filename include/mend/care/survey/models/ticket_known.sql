-- What all events of the tickets that events taken in now speak of say together: opened with the first, closed when nothing opened the ticket
-- again after its last archiving. In whatever order they came.
with
touched as (select distinct about_id from event_row where about_kind_code = 'ticket' and kind_code = any(cast(:kinds as text[]))),
told as (
    select service_event.*
    from service_event
    join touched using (about_id)
    where about_kind_code = 'ticket' and kind_code = any(cast(:kinds as text[]))
),
ticket as (
    select
        about_id,
        (array_agg(customer_id order by happened_at desc, event_id desc))[1] as customer_id,
        (array_agg(topic_code order by happened_at desc, event_id desc) filter (where topic_code is not null))[1] as topic_code,
        min(happened_at) as opened_at,
        max(happened_at) filter (where kind_code = 'ticket_archived') as archived_at,
        max(happened_at) filter (where kind_code <> 'ticket_archived') as at_work_at
    from told
    group by about_id
),
final as (
    select
        about_id, ticket.customer_id, ticket.topic_code, least(ticket.opened_at, known_ticket.opened_at) as opened_at,
        case when at_work_at > archived_at then null else archived_at end as closed_at
    from ticket
    left join known_ticket on known_ticket.ticket_id = about_id
)
insert into known_ticket (ticket_id, customer_id, topic_code, opened_at, closed_at)
select * from final
on conflict (ticket_id) do update set
    customer_id = excluded.customer_id, topic_code = coalesce(excluded.topic_code, known_ticket.topic_code), opened_at = excluded.opened_at,
    closed_at = excluded.closed_at
