-- model: contact_text
-- grain: one note to read
-- inputs: candidate
-- share: customer_id
-- What a contact's own code says needs no reading.
select contact_id as source_id, started_on as day, note as text
from candidate
where source_type_code is null and note is not null
