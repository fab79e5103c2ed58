-- statement: event_row
-- Where events wait to be put, in one transaction.
create temp table if not exists event_row (like service_event) on commit drop;
truncate event_row

-- statement: put_event
-- The events that are not known yet.
insert into service_event
select * from event_row
on conflict do nothing

-- statement: put_known_tickets
-- What all events of the tickets that events taken in now speak of say together: opened with the first, closed when
-- nothing opened the ticket
-- again after its last archiving. In whatever order they came.
with
touched as (select distinct about_id from event_row where about_kind_code = 'ticket'
    and kind_code = any(cast(:kinds as text[]))),
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
        (array_agg(topic_code order by happened_at desc,
            event_id desc) filter (where topic_code is not null))[1] as topic_code,
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
    customer_id = excluded.customer_id, topic_code = coalesce(excluded.topic_code, known_ticket.topic_code),
    opened_at = excluded.opened_at,
    closed_at = excluded.closed_at

-- statement: put_file
-- A file that is read for the first time; no row when it was read before.
insert into event_file (fingerprint, file_name, taken_at, line_count, accepted_count, known_count, rejected_count)
values (:fingerprint, :file_name, :taken_at, 0, 0, 0, 0)
on conflict do nothing
returning fingerprint

-- statement: count_file
-- What a file brought.
update event_file
set line_count = :lines, accepted_count = :accepted, known_count = :known, rejected_count = :rejected
where fingerprint = :fingerprint

-- statement: put_reject
-- A line that is no event.
insert into event_reject (fingerprint, line_number, reason_code, column_name, raw_line, taken_at)
values (:fingerprint, :line_number, :reason_code, :column_name, :raw_line, :taken_at)
on conflict do nothing

-- statement: mark_dispatched
-- Events on which was decided whether their customers are written to.
update service_event set dispatched_at = :at where event_id = any(cast(:event_ids as text[]))

-- statement: mark_followed
-- Events that follow-up has dealt with.
update service_event set followed_at = :at where event_id = any(cast(:event_ids as text[]))

-- statement: follow_again
-- Complaints of customers who are one person now, or no more: follow-up asks once more whose ticket each belongs to.
update service_event
set followed_at = null
where kind_code = 'complaint_filed' and customer_id = any(cast(:customer_ids as text[])) and followed_at is not null
