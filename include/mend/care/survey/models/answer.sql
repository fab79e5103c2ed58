-- Answers of a day, as the contract's survey_reply has them. The answer's latest reading orders its versions.
select
    survey.survey_id, survey.customer_id, survey.about_kind_code, survey.about_id,
    case survey.purpose_code when 'campaign' then 'hang_up' else survey.purpose_code end as purpose_code,
    coalesce(survey.sent_at, survey.not_before) as sent_at, survey.replied_at, sms_inbound.text as reply_text, survey.score, survey.score_scale,
    survey.is_solved, coalesce(survey_reply.handled_at, survey_reply.read_at) as updated_at
from survey
join sms_inbound using (inbound_id)
join survey_reply using (inbound_id)
where survey.replied_at >= :first and survey.replied_at < :after and survey.purpose_code <> 'progress'
order by survey.survey_id
