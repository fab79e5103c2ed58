-- What each handler has to do: open tickets.
select handler_id, count(*)
from follow_up_ticket
where state_code not in ('answered', 'closed') and handler_id is not null
group by handler_id
