-- model: complaint
-- grain: one complaint of the month
-- inputs: ticket_file, person_of_customer
-- share: customer_id
-- params: first_on, last_on
-- Complaints that were opened in the month, under the id by which their customer goes.
select
    ticket_file.ticket_id,
    coalesce(person_of_customer.person_id, ticket_file.customer_id) as customer_id,
    ticket_file.contact_id,
    ticket_file.topic_code,
    ticket_file.opened_at
from ticket_file
left join person_of_customer on ticket_file.customer_id = person_of_customer.customer_id
where ticket_file.kind_code = 'complaint' and ticket_file.opened_on between $first_on and $last_on
