-- The customer's latest open follow-up ticket on a topic, that is not about this ticket itself.
select follow_up_id
from follow_up_ticket
where customer_id = :customer_id and topic_code is not distinct from cast(:topic_code as text)
    and state_code <> 'closed' and about_id <> :about_id
order by opened_at desc, follow_up_id
limit 1
