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
    when message.valid_until <= :at or exists (select from sms_opt_out as gone where gone.phone_number = message.phone_number)
      then cast(:at as timestamptz)
  end,
  claimed_by = null,
  lease_until = null
where message.message_id = any(cast(:message_ids as bigint[])) and message.state_code = 'claimed' and message.claimed_by = :owner
