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
