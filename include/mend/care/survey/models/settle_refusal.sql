-- The reason, and a person where a promise stands behind it.
insert into survey_refusal (
    survey_id, stage_code, trigger_code, purpose_code, event_id, customer_id, reason_code, is_promised, needs_person, refused_at
)
select
    survey.survey_id, 'claim', trigger_code, survey.purpose_code, event_id, survey.customer_id,
    coalesce(sms_outbox.state_reason, sms_outbox.state_code), survey.is_promised,
    survey.is_promised and coalesce(sms_outbox.state_reason, '') not in ('matter_open', 'customer_left', 'dry_run', 'not_on_allow_list'), :at
from survey
join sms_outbox on sms_outbox.dedup_key = survey.survey_id
where survey.state_code = 'not_sent' and sms_outbox.final_at is not null
    and not exists (select from survey_refusal where survey_refusal.survey_id = survey.survey_id)
on conflict do nothing
