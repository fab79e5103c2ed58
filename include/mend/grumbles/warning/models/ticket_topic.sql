-- model: ticket_topic
-- grain: one ticket that a reply is about
-- inputs: every_ticket, reply
-- The topic of what was asked about.
select ticket_id, topic_code
from every_ticket
semi join (select about_id as ticket_id from reply where about_kind_code = 'ticket') as asked using (ticket_id)
