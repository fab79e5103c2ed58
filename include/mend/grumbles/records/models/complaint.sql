-- model: complaint
-- grain: one complaint
-- inputs: ticket_part
-- share: contact_id via contact_owner
-- mart_complaint.
select
    ticket_id as complaint_id, customer_id, opened_at as complained_at, opened_on as complained_on,
    type_code as complaint_type_code,
    classified_by_code, confidence, classifier_version, is_escalated, city_code
from ticket_part
where kind_code = 'complaint'
