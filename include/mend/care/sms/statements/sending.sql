-- statement: begin
-- The last look before a message is written to the link: still ours, still valid, not opted out since. Committed before
-- the write.
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

-- statement: begin_parts
-- The parts about to be written: all at the first attempt, later those that were refused for now.
insert into sms_part as part (message_id, part_number, state_code, smsc_message_id, changed_at)
select each.message_id, each.part_number, 'submitting', each.reference, :at
from unnest(cast(:message_ids as bigint[]), cast(:part_numbers as int[]),
    cast(:references as text[])) as each (message_id, part_number, reference)
on conflict (message_id, part_number) do update set state_code = 'submitting', error_code = null,
changed_at = excluded.changed_at
where part.state_code = 'refused'
returning part.message_id, part.part_number

-- statement: record_parts
update sms_part as part
set
  state_code = each.state_code,
  smsc_message_id = coalesce(each.smsc_message_id, part.smsc_message_id),
  error_code = each.error_code,
  changed_at = :at
from unnest(
  cast(:message_ids as bigint[]), cast(:part_numbers as int[]), cast(:states as text[]),
  cast(:smsc_message_ids as text[]),
  cast(:error_codes as text[])
) as each (message_id, part_number, state_code, smsc_message_id, error_code)
where part.message_id = each.message_id and part.part_number = each.part_number
    and part.state_code in ('submitting', 'unknown')

-- statement: settle
-- A message's state follows from its parts. One unknown part makes it unknown, and nothing more of it is sent.
with counted as (
  select
    message_id,
    count(*) filter (where state_code = 'submitting') as under_way,
    count(*) filter (where state_code = 'unknown') as unknown,
    count(*) filter (where state_code = 'failed') as failed,
    count(*) filter (where state_code = 'refused') as refused,
    count(*) filter (where state_code = 'undelivered') as undelivered,
    count(*) filter (where state_code = 'submitted') as submitted,
    max(error_code) as error_code
  from sms_part
  where message_id = any(cast(:message_ids as bigint[]))
  group by message_id
),
settled as (
  select
    message_id,
    error_code,
    case
      when under_way > 0 then 'submitting'
      when unknown > 0 then 'unknown'
      when failed > 0 then 'failed'
      when refused > 0 then 'pending'
      when submitted > 0 then 'submitted'
      when undelivered > 0 then 'undelivered'
      else 'delivered'
    end as state_code
  from counted
)
update sms_outbox as message
set
  state_code = settled.state_code,
  state_reason = case
    when settled.state_code in ('failed', 'undelivered', 'pending') then settled.error_code
    when settled.state_code = 'unknown' then coalesce(message.state_reason, cast(:reason as text), settled.error_code)
    when settled.state_code = 'delivered' then cast(:reason as text)
  end,
  due_at = case
    when settled.state_code = 'pending' then least(
      message.valid_until,
      :at + make_interval(secs => least(:most_seconds, :first_seconds * power(2, least(message.attempts, 30) - 1)))
    )
    else message.due_at
  end,
  submitted_at
      = case when settled.state_code in ('submitted', 'delivered', 'undelivered')
      then coalesce(message.submitted_at, :at) else message.submitted_at end,
  final_at = case when settled.state_code in ('delivered', 'undelivered', 'failed') then cast(:at as timestamptz) end,
  claimed_by = case when settled.state_code = 'submitting' then message.claimed_by end,
  lease_until = case when settled.state_code = 'submitting' then message.lease_until end
from settled
where message.message_id = settled.message_id and message.state_code in ('submitting', 'submitted', 'unknown')

-- statement: release
-- Claimed messages that the last look stopped: closed where they may not be sent any more, else back into the queue.
update sms_outbox as message
set
  state_code = case
    when exists (select from sms_opt_out as gone where gone.phone_number = message.phone_number) then 'suppressed'
    when message.valid_until <= :at then 'expired'
    else 'pending'
  end,
  state_reason = case
    when exists (select from sms_opt_out as gone where gone.phone_number = message.phone_number) then 'opt_out'
    when message.valid_until <= :at then 'validity'
    else 'released'
  end,
  final_at = case
    when message.valid_until <= :at
        or exists (select from sms_opt_out as gone where gone.phone_number = message.phone_number)
      then cast(:at as timestamptz)
  end,
  claimed_by = null,
  lease_until = null
where message.message_id = any(cast(:message_ids as bigint[])) and message.state_code = 'claimed'
    and message.claimed_by = :owner

-- statement: refuse
-- Claimed messages that cannot be sent, each with its reason.
update sms_outbox as message
set state_code = 'failed', state_reason = each.reason, final_at = :at, claimed_by = null, lease_until = null
from unnest(cast(:message_ids as bigint[]), cast(:reasons as text[])) as each (message_id, reason)
where message.message_id = each.message_id and message.state_code = 'claimed'

-- statement: suppress
-- Claimed messages that another room objects to at the last look, each with its reason.
update sms_outbox as message
set
  state_code = 'suppressed',
  state_reason = case
    when exists (select from sms_opt_out as gone where gone.phone_number = message.phone_number) then 'opt_out'
        else each.reason
  end,
  final_at = :at,
  claimed_by = null,
  lease_until = null
from unnest(cast(:message_ids as bigint[]), cast(:reasons as text[])) as each (message_id, reason)
where message.message_id = each.message_id and message.state_code = 'claimed' and message.claimed_by = :owner

-- statement: doubt_submitting
with doubtful as (
  select message_id from sms_outbox where account_code = :account and state_code = 'submitting'
),
parts as (
  update sms_part set state_code = 'unknown', changed_at = :at
  where message_id in (select message_id from doubtful) and state_code = 'submitting'
)
select message_id from doubtful order by message_id
