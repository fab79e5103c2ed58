-- model: complaint
-- grain: one complaint of a known customer
-- inputs: complaint_file, person_of_customer
-- share: customer_id
-- Complaints under the id by which their customer goes.
select
    complaint_file.complaint_id,
    coalesce(person_of_customer.person_id, complaint_file.customer_id) as customer_id
from complaint_file
left join person_of_customer on complaint_file.customer_id = person_of_customer.customer_id
where complaint_file.customer_id is not null
