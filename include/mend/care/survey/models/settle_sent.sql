-- Surveys whose message was given to the message centre (or may have been).
update survey
set state_code = 'sent', sent_at = coalesce(sms_outbox.submitted_at, sms_outbox.submitting_at), extension_code = sms_outbox.extension
from sms_outbox
where sms_outbox.dedup_key = survey.survey_id and survey.state_code = 'queued'
    and sms_outbox.state_code in ('submitted', 'delivered', 'unknown')
