-- model: exposure
-- grain: one customer id on one day
-- inputs: contact_day, person_of_customer
-- share: customer_id
-- The month's contacts under the id by which the customer goes.
select
    coalesce(person_of_customer.person_id, contact_day.customer_id) as customer_id,
    contact_day.contact_count,
    contact_day.incident_count,
    contact_day.last_contact_at,
    contact_day.last_contact_id
from contact_day
left join person_of_customer on contact_day.customer_id = person_of_customer.customer_id
