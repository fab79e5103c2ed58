-- An answer proves that every part arrived, whatever we knew of them.
update sms_part set state_code = 'delivered', changed_at = :at
where message_id = any(cast(:message_ids as bigint[])) and state_code in ('submitting', 'submitted', 'unknown', 'undelivered')
