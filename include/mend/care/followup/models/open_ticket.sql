-- Open tickets after one, by id.
select follow_up_id
from follow_up_ticket
where state_code not in ('answered', 'closed') and follow_up_id > :after
order by follow_up_id
limit :size
