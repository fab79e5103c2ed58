-- All tickets of these customers.
select follow_up_id, customer_id, topic_code, about_id, state_code, opened_at, changed_at, handler_id
from follow_up_ticket
where customer_id = any(cast(:names as text[]))
