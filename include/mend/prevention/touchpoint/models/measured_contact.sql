-- model: measured_contact
-- grain: one contact of the month
-- inputs: contact_file, person_of_customer
-- share: customer_id
-- Each contact under the id by which its customer goes.
select
    contact_file.* exclude (customer_id),
    coalesce(person_of_customer.person_id, contact_file.customer_id) as customer_id,
    contact_file.contact_id as row_key
from contact_file
left join person_of_customer on contact_file.customer_id = person_of_customer.customer_id
