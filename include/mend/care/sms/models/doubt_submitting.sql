with doubtful as (
  select message_id from sms_outbox where account_code = :account and state_code = 'submitting'
),
parts as (
  update sms_part set state_code = 'unknown', changed_at = :at
  where message_id in (select message_id from doubtful) and state_code = 'submitting'
)
select message_id from doubtful order by message_id
