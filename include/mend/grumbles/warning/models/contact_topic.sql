-- model: contact_topic
-- grain: one contact that a reply is about
-- inputs: every_contact, reply
-- The topic of what was asked about.
select contact_id, topic_code
from every_contact
semi join (select about_id as contact_id from reply where about_kind_code = 'contact') as asked using (contact_id)
