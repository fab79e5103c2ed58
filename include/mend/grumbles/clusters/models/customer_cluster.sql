-- model: customer_cluster
-- grain: one customer
-- inputs: customer_value, customer_behaviour
-- params: month
-- mart_customer_cluster: a customer's value and behaviour.
select
    $month as month, customer_id, customer_value.code as value_code, customer_behaviour.code as behaviour_code,
    customer_value.code || ':' || customer_behaviour.code as cluster_code
from customer_value
join customer_behaviour using (customer_id)
order by customer_id
