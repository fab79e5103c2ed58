select message_id, survey_id, extension
from sms_outbox
where
  account_code = :account and phone_number = :phone_number and reply_until > :at
  and state_code in ('submitting', 'submitted', 'delivered', 'undelivered', 'unknown')
order by submitting_at desc, message_id desc
