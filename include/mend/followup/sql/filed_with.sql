-- These tickets, and all others of their customers.
select follow_up_id, customer_id, topic_code, about_id, state_code, opened_at, changed_at, handler_id
from follow_up_ticket
where customer_id in (select customer_id from follow_up_ticket where follow_up_id = any(cast(:names as text[])))
