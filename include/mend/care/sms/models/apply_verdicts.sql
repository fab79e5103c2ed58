-- What was decided on each message that was locked for claiming.
with verdict as (
  select * from unnest(
    cast(:message_ids as bigint[]), cast(:states as text[]), cast(:reasons as text[]), cast(:due_ats as timestamptz[]),
    cast(:extensions as text[])
  ) as each (message_id, state_code, state_reason, due_at, extension)
)
update sms_outbox as message
set
  state_code = verdict.state_code,
  state_reason = verdict.state_reason,
  due_at = verdict.due_at,
  extension = verdict.extension,
  claimed_by = case when verdict.state_code = 'claimed' then :owner end,
  lease_until = case when verdict.state_code = 'claimed' then cast(:lease_until as timestamptz) end,
  final_at = case when verdict.state_code in ('expired', 'suppressed') then cast(:at as timestamptz) end
from verdict
where message.message_id = verdict.message_id
