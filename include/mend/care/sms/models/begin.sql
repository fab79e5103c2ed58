-- The last look before a message is written to the link: still ours, still valid, not opted out since. Committed before the write.
update sms_outbox as message
set
  state_code = 'submitting',
  state_reason = null,
  attempts = message.attempts + 1,
  submitting_at = :at,
  part_count = planned.part_count
from unnest(cast(:message_ids as bigint[]), cast(:part_counts as int[])) as planned (message_id, part_count)
where
  message.message_id = planned.message_id
  and message.state_code = 'claimed'
  and message.claimed_by = :owner
  and message.lease_until > :at
  and message.valid_until > :at
  and not exists (select from sms_opt_out as gone where gone.phone_number = message.phone_number)
returning message.message_id, message.attempts
