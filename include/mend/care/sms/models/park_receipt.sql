insert into sms_receipt (account_code, smsc_message_id, phone_number, to_number, outcome_code, error_code, received_at, state_code)
values (:account, :smsc_message_id, :phone_number, :to_number, :outcome_code, :error_code, :at, 'parked')
