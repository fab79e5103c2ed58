-- Complaints of customers who are one person now, or no more: follow-up asks once more whose ticket each belongs to.
update service_event
set followed_at = null
where kind_code = 'complaint_filed' and customer_id = any(cast(:names as text[])) and followed_at is not null
