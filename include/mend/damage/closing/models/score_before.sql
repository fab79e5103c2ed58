-- model: score_before
-- grain: one customer id
-- inputs: month_before, person_of_customer
-- share: customer_id
-- Scores of the month before under the id by which the customer goes now.
select coalesce(person_of_customer.person_id, month_before.customer_id) as customer_id, month_before.score
from month_before
left join person_of_customer on month_before.customer_id = person_of_customer.customer_id
