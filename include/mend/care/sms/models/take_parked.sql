update sms_receipt as receipt
set state_code = 'applied'
from (select distinct * from unnest(cast(:ids as text[]), cast(:phone_numbers as text[])) as each (smsc_message_id, phone_number)) as wanted
where
  receipt.account_code = :account and receipt.state_code = 'parked'
  and receipt.smsc_message_id = wanted.smsc_message_id and receipt.phone_number = wanted.phone_number
returning receipt.smsc_message_id, receipt.phone_number, receipt.to_number, receipt.outcome_code, receipt.error_code
