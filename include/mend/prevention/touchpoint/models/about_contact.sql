-- model: about_contact
-- grain: one contact that an answer of the month asks about
-- inputs: recent_contact, reply_file
select contact_id, touchpoint_code, topic_code, ivr_node_code, agent_group_code, is_answered
from recent_contact
where contact_id in (select about_id from reply_file where about_kind_code = 'contact')
