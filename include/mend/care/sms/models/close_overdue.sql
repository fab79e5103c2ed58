update sms_outbox
set state_code = 'unknown', state_reason = coalesce(state_reason, 'no_receipt'), final_at = :at
where
  account_code = :account and state_code in ('submitted', 'unknown')
  and final_at is null and valid_until < :before
