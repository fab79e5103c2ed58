-- model: input_contact
-- grain: one inbound contact of a known customer
-- inputs: contact_file
-- Contacts of the months that show behaviour.
select
    customer_id, started_on, topic_code, touchpoint_code, outcome, is_abandoned, is_answered, queue_seconds, mood_code
from contact_file
where customer_id is not null and direction_code = 'inbound'
