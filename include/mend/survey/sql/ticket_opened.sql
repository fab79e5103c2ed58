-- Tickets that events taken in now say are open.
insert into known_ticket (ticket_id, customer_id, topic_code, opened_at)
select distinct on (about_id) about_id, customer_id, topic_code, happened_at
from service_event
where taken_at = :at and about_kind_code = 'ticket' and kind_code in ('complaint_filed', 'ticket_suspended')
order by about_id, happened_at, event_id
on conflict (ticket_id) do nothing
