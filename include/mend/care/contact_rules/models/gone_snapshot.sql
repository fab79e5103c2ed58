-- model: gone_snapshot
-- grain: one customer and month
-- inputs: core_customer, customer_change
-- Customers of whom a snapshot came or was withdrawn, and that is not there any more.
select distinct subject_id as customer_id, subject_on as month_on
from customer_change
where record_code = 'customer'
except
select customer_id, month_on
from core_customer
where customer_id in (select subject_id from customer_change)
