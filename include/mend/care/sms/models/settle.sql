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
  submitted_at = case when settled.state_code in ('submitted', 'delivered', 'undelivered') then coalesce(message.submitted_at, :at) else message.submitted_at end,
  final_at = case when settled.state_code in ('delivered', 'undelivered', 'failed') then cast(:at as timestamptz) end,
  claimed_by = case when settled.state_code = 'submitting' then message.claimed_by end,
  lease_until = case when settled.state_code = 'submitting' then message.lease_until end
from settled
where message.message_id = settled.message_id and message.state_code in ('submitting', 'submitted', 'unknown')
