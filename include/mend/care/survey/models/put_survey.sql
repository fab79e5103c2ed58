-- The surveys of the chunk.
insert into survey (
    survey_id, trigger_code, purpose_code, consent_code, is_promised, needs_consent, event_id, customer_id, phone_number, zones, language_code,
    topic_code, city_code, about_kind_code, about_id, questionnaire_code, rule_version, happened_at, queued_at, not_before, valid_until, state_code
)
select
    survey_id, trigger_code, purpose_code, consent_code, is_promised, needs_consent, event_id, customer_id, phone_number, zones, language_code,
    topic_code, city_code, about_kind_code, about_id, questionnaire_code, valid_from, happened_at, :at, not_before, not_before + valid_for, 'queued'
from verdict
where reason_code is null
