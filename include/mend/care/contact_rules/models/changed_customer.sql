-- model: changed_customer
-- grain: one customer
-- inputs: core_customer, customer_change
-- params: month_on
-- The customers of a month's snapshot whose rows of it came, or came again.
select *
from core_customer
where month_on = $month_on
    and customer_id in (select subject_id from customer_change where record_code = 'customer'
        and subject_on = $month_on)
