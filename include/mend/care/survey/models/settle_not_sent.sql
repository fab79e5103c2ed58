-- Surveys whose message did not reach the customer.
update survey
set state_code = 'not_sent', extension_code = null
from sms_outbox
where sms_outbox.dedup_key = survey.survey_id and survey.state_code in ('queued', 'sent')
    and sms_outbox.state_code in ('suppressed', 'expired', 'failed', 'undelivered')
