-- Answers that follow-up has not dealt with: 'unsolved' to a question, and any word on a follow-up.
select
    survey.survey_id, trigger_code, purpose_code, survey.customer_id, survey.about_kind_code, survey.about_id, survey.topic_code,
    survey.city_code, replied_at, is_solved, null::timestamptz as promised_at, known_ticket.opened_at as filed_at
from survey
left join known_ticket on known_ticket.ticket_id = survey.about_id
where survey.state_code = 'answered' and is_solved is not null and replied_at <= :at
    and (trigger_code = 'follow_up_answered' or not is_solved and purpose_code in ('complex_question', 'second_follow_up'))
    and not exists (select from follow_up_event where event_key = 'survey:' || survey.survey_id)
    and not exists (select from follow_up_refusal where event_key = 'survey:' || survey.survey_id)
order by replied_at, survey.survey_id
limit :size
