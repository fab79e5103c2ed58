-- What a subscriber was asked, and from which extension. A message that may have been sent counts: its answer proves that it was.
select
    survey.survey_id, coalesce(sms_outbox.extension, survey.extension_code) as extension,
    coalesce(sms_outbox.submitting_at, survey.sent_at, survey.not_before) as sent_at,
    survey.valid_until, survey.inbound_id is not null as is_answered, survey.questionnaire_code, survey.rule_version,
    coalesce(sms_outbox.text, '') as sent_text
from survey
left join sms_outbox on sms_outbox.dedup_key = survey.survey_id
where survey.phone_number = :phone_number and survey.questionnaire_code is not null
    and (survey.state_code in ('sent', 'answered', 'silent') or sms_outbox.state_code in ('submitting', 'submitted', 'delivered', 'unknown'))
order by sent_at, survey.survey_id
