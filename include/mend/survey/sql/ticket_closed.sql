-- Tickets that events taken in now say are closed; one that we never saw open counts as opened then.
insert into known_ticket (ticket_id, customer_id, topic_code, opened_at, closed_at)
select distinct on (about_id) about_id, customer_id, topic_code, happened_at, happened_at
from service_event
where taken_at = :at and about_kind_code = 'ticket' and kind_code = 'ticket_archived'
order by about_id, happened_at desc, event_id
on conflict (ticket_id) do update set closed_at = excluded.closed_at
where known_ticket.closed_at is null or known_ticket.closed_at < excluded.closed_at
