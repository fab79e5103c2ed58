-- model: said
-- grain: one word on whether a contact or ticket is solved
-- inputs: reply_file, repair_file
-- share: subject_id via contact_owner, ticket
-- What customers answered, and what was done for them: an action says so only where the taxonomy counts it.
select about_kind_code as kind_code, about_id as subject_id, replied_at as said_at, is_solved, null as action_code
from reply_file
where is_solved is not null and about_kind_code in ('contact', 'ticket')
union all
select 'contact', contact_id, done_at, true, action_code from repair_file where outcome_code = 'resolved'
    and contact_id is not null
union all
select 'ticket', ticket_id, done_at, true, action_code from repair_file where outcome_code = 'resolved'
    and ticket_id is not null
