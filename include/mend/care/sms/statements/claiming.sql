-- statement: claim_candidates
-- Messages of an account that are due, promised ones first, locked for this transaction; those that another one holds
-- are passed by.
with promised as (
  select message_id
  from sms_outbox
  where account_code = :account and state_code = 'pending' and is_promised and due_at <= :at
  order by due_at, message_id
  limit least(:limit, :promised_room)
  for update skip locked
),
other as (
  select message_id
  from sms_outbox
  where account_code = :account and state_code = 'pending' and not is_promised and due_at <= :at
  order by due_at, message_id
  limit greatest(0, least(:limit, :room) - (select count(*) from promised))
  for update skip locked
),
due as (
  select message_id from promised
  union all
  select message_id from other
),
final as (
  select
    message.message_id, message.phone_number, message.sender_number, message.extension, message.text, message.attempts,
    message.valid_until, message.reply_until, message.quiet_zones, message.allowed_from, message.allowed_until,
    message.is_promised,
    message.customer_id, message.purpose_code, message.purpose_kind_code, message.campaign_code,
    message.about_kind_code, message.about_id,
    message.due_at,
    exists (select from sms_opt_out as gone where gone.phone_number = message.phone_number) as is_opted_out,
    (
      select max(coalesce(earlier.submitting_at, :at))
      from sms_outbox as earlier
      where
        earlier.phone_number = message.phone_number
        and earlier.message_id <> message.message_id
        and (earlier.state_code in ('claimed', 'submitting') or earlier.submitting_at > :same_number_since)
    ) as last_to_number_at,
    array(
      select open.extension
      from sms_outbox as open
      where
        open.phone_number = message.phone_number
        and open.sender_number = message.sender_number
        and open.message_id <> message.message_id
        and open.extension is not null
        and open.reply_until > :at
        and open.state_code not in ('failed', 'expired', 'suppressed')
    ) as extensions_in_use
  from due
  inner join sms_outbox as message using (message_id)
)
select * from final order by is_promised desc, due_at, message_id

-- statement: apply_verdicts
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

-- statement: used_today
-- Messages of the account whose sending began on the day, and those claimed for it.
select
  coalesce((select sent_count from sms_account_day where account_code = :account and sent_on = :day), 0)
  + (select count(*) from sms_outbox where account_code = :account and state_code = 'claimed')

-- statement: count_sent
insert into sms_account_day as day (account_code, sent_on, sent_count)
values (:account, :day, :count)
on conflict (account_code, sent_on) do update set sent_count = day.sent_count + excluded.sent_count

-- statement: free_claimed
update sms_outbox
set state_code = 'pending', claimed_by = null, lease_until = null
where account_code = :account and state_code = 'claimed'
