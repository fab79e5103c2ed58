-- What waits to be sent to a number that wants no more. What another transaction holds at this moment is looked at again before it is written.
update sms_outbox
set state_code = 'suppressed', state_reason = 'opt_out', final_at = :at, claimed_by = null, lease_until = null
where message_id in (
  select message_id
  from sms_outbox
  where phone_number = :phone_number and state_code in ('pending', 'claimed')
  order by message_id
  for update skip locked
)
