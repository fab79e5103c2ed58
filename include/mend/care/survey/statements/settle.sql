-- statement: settle_sent
-- Surveys whose message was given to the message centre (or may have been).
update survey
set state_code = 'sent', sent_at = coalesce(sms_outbox.submitted_at, sms_outbox.submitting_at),
extension_code = sms_outbox.extension
from sms_outbox
where sms_outbox.dedup_key = survey.survey_id and survey.state_code = 'queued'
    and sms_outbox.state_code in ('submitted', 'delivered', 'unknown')

-- statement: settle_not_sent
-- Surveys whose message did not reach the customer.
update survey
set state_code = 'not_sent', extension_code = null
from sms_outbox
where sms_outbox.dedup_key = survey.survey_id and survey.state_code in ('queued', 'sent')
    and sms_outbox.state_code in ('suppressed', 'expired', 'failed', 'undelivered')

-- statement: settle_refusal
-- The reason, and a person where a promise stands behind it.
insert into survey_refusal (
    survey_id, stage_code, trigger_code, purpose_code, event_id, customer_id, reason_code, is_promised, needs_person,
    refused_at
)
select
    survey.survey_id, 'claim', trigger_code, survey.purpose_code, event_id, survey.customer_id,
    coalesce(sms_outbox.state_reason, sms_outbox.state_code), survey.is_promised,
    survey.is_promised
        and coalesce(sms_outbox.state_reason, '') not in ('matter_open', 'customer_left', 'dry_run',
        'not_on_allow_list'), :at
from survey
join sms_outbox on sms_outbox.dedup_key = survey.survey_id
where survey.state_code = 'not_sent' and sms_outbox.final_at is not null
    and not exists (select from survey_refusal where survey_refusal.survey_id = survey.survey_id)
on conflict do nothing

-- statement: settle_silent
-- Surveys that nobody answered in time.
update survey
set state_code = 'silent'
where state_code = 'sent' and valid_until < :at
