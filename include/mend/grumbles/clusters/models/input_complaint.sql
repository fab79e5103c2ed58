-- model: input_complaint
-- grain: one complaint
-- inputs: complaint_file
-- Complaints of the same months.
select customer_id, is_escalated from complaint_file
