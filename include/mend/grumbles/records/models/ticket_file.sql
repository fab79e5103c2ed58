-- Tickets that are told anew, and all of the contacts whose grumbles are. Inputs: recent_ticket, touched, contact_scope, whole_day.
select
    ticket_id, customer_id, contact_id, kind_code, opened_at, opened_on, topic_code, city_code, is_escalated, is_resolved, resolved_at, closed_at,
    description_text
from recent_ticket
where ticket_id in (select subject_id from touched where kind_code = 'ticket')
    or contact_id in (select contact_id from contact_scope)
    or opened_on in (select day from whole_day)
