-- statement: staging
create temporary table if not exists sms_staging on commit delete rows as
select
  dedup_key, account_code, purpose_code, purpose_kind_code, customer_id, phone_number, text, sender_number, not_before,
  valid_until,
  reply_until, quiet_zones, allowed_from, allowed_until, is_promised, campaign_code, language_code, questionnaire_code,
  survey_id,
  about_kind_code, about_id
from sms_outbox
with no data

-- statement: enqueue
-- Messages of sms_staging that the outbox does not know. Ordered by key, so that two enqueuers never wait for each
-- other in a circle.
insert into sms_outbox (
  dedup_key, account_code, purpose_code, purpose_kind_code, customer_id, phone_number, text, sender_number, not_before,
  valid_until,
  reply_until, quiet_zones, allowed_from, allowed_until, is_promised, campaign_code, language_code, questionnaire_code,
  survey_id,
  about_kind_code, about_id, state_code, due_at, attempts, enqueued_at
)
select
  dedup_key, account_code, purpose_code, purpose_kind_code, customer_id, phone_number, text, sender_number, not_before,
  valid_until,
  reply_until, quiet_zones, allowed_from, allowed_until, is_promised, campaign_code, language_code, questionnaire_code,
  survey_id,
  about_kind_code, about_id, 'pending', not_before, 0, :at
from sms_staging
order by dedup_key, ctid
on conflict (dedup_key) do nothing

-- statement: suppress_opted_out
-- What waits to be sent to a number that wants no more. What another transaction holds at this moment is looked at
-- again before it is written.
update sms_outbox
set state_code = 'suppressed', state_reason = 'opt_out', final_at = :at, claimed_by = null, lease_until = null
where message_id in (
  select message_id
  from sms_outbox
  where phone_number = :phone_number and state_code in ('pending', 'claimed')
  order by message_id
  for update skip locked
)

-- statement: withdraw
-- What waits to be sent for a campaign. What the relay holds at this moment is asked about again before it is written.
update sms_outbox
set state_code = 'suppressed', state_reason = 'recalled', final_at = :at, claimed_by = null, lease_until = null
where message_id in (
  select message_id
  from sms_outbox
  where dedup_key = any(cast(:keys as text[])) and state_code in ('pending', 'claimed')
  order by message_id
  for update skip locked
)
returning dedup_key

-- statement: sending_account
-- The account that sends: the one that is wanted, else the first there is.
select account_code, sender_number
from sms_account
where cast(:wanted as text) is null or account_code = cast(:wanted as text)
order by account_code
limit 1

-- statement: expire_overdue
update sms_outbox
set state_code = 'expired', state_reason = 'validity', final_at = :at
where message_id in (
  select message_id
  from sms_outbox
  where account_code = :account and state_code = 'pending' and due_at <= :at and valid_until <= :at
  order by due_at, message_id
  limit 10000
  for update skip locked
)

-- statement: close_overdue
update sms_outbox
set state_code = 'unknown', state_reason = coalesce(state_reason, 'no_receipt'), final_at = :at
where
  account_code = :account and state_code in ('submitted', 'unknown')
  and final_at is null and valid_until < :before
