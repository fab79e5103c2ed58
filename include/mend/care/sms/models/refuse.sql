-- Claimed messages that cannot be sent, each with its reason.
update sms_outbox as message
set state_code = 'failed', state_reason = each.reason, final_at = :at, claimed_by = null, lease_until = null
from unnest(cast(:message_ids as bigint[]), cast(:reasons as text[])) as each (message_id, reason)
where message.message_id = each.message_id and message.state_code = 'claimed'
