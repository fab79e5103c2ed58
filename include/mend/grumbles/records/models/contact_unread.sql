-- model: contact_unread
-- grain: one text to read
-- inputs: contact_text
-- share: customer_id
-- In order of time: texts of one day are read together.
select source_id, day, text from contact_text order by day, source_id
