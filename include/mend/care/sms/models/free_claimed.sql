update sms_outbox
set state_code = 'pending', claimed_by = null, lease_until = null
where account_code = :account and state_code = 'claimed'
