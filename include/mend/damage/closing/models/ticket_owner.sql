-- model: ticket_owner
-- grain: one complaint whose ticket names no customer
-- inputs: complaint_ticket, opening_contact
-- A complaint without a customer is that of the contact which opened it.
select complaint_ticket.ticket_id, min(opening_contact.customer_id) as customer_id
from complaint_ticket
join opening_contact on complaint_ticket.contact_id = opening_contact.contact_id
where complaint_ticket.kind_code = 'complaint' and complaint_ticket.customer_id is null
    and opening_contact.customer_id is not null
group by complaint_ticket.ticket_id
