-- model: grumble
-- grain: one grumble of the month
-- inputs: grumble_file, person_of_customer
-- share: customer_id
-- Grumbles under the id by which their customer goes.
select
    grumble_file.grumble_id,
    coalesce(person_of_customer.person_id, grumble_file.customer_id) as customer_id,
    grumble_file.grumble_type_code
from grumble_file
left join person_of_customer on grumble_file.customer_id = person_of_customer.customer_id
