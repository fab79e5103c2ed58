update sms_outbox
set state_code = 'failed', state_reason = 'text', final_at = :at, claimed_by = null, lease_until = null
where message_id = any(cast(:message_ids as bigint[])) and state_code = 'claimed'
