-- model: contact_text_day
-- grain: one day
-- inputs: contact_text
-- share: customer_id
-- Days with notes to read.
select distinct day from contact_text
