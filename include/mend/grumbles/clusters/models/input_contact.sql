-- model: input_contact
-- grain: one contact
-- inputs: contact_file
-- Contacts of the months that show behaviour.
select customer_id, topic_code, direction_code, is_abandoned, is_answered, queue_seconds, hold_seconds, mood_code
    from contact_file
