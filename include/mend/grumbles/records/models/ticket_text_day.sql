-- model: ticket_text_day
-- grain: one day
-- inputs: ticket_text
-- share: customer_id
-- Days with descriptions to read.
select distinct day from ticket_text
