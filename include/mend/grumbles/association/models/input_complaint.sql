-- model: input_complaint
-- grain: one complaint of a known customer
-- inputs: complaint_file
-- share: customer_id
-- Complaints of the same days.
select complaint_id, customer_id, complained_at, complained_on, complaint_type_code
from complaint_file
where customer_id is not null
