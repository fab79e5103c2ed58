-- Claimed messages that another room objects to at the last look, each with its reason.
update sms_outbox as message
set
  state_code = 'suppressed',
  state_reason = case
    when exists (select from sms_opt_out as gone where gone.phone_number = message.phone_number) then 'opt_out' else each.reason
  end,
  final_at = :at,
  claimed_by = null,
  lease_until = null
from unnest(cast(:message_ids as bigint[]), cast(:reasons as text[])) as each (message_id, reason)
where message.message_id = each.message_id and message.state_code = 'claimed' and message.claimed_by = :owner
