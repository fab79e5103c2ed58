-- model: ticket_text
-- grain: one description to read
-- inputs: ticket, opening, run_day
-- share: contact_id via contact_owner
-- A grumble that is its contact's, and what its contact's own code says, need no reading.
select ticket_id as source_id, opened_on as day, description as text
from ticket
where is_to_read and description is not null and kind_code in ('grumble', 'complaint')
    and opened_on in (select day from run_day)
    and ticket_id not in (select ticket_id from opening where kind_code = 'grumble' or contact_by_code = 'source')
