-- statement: survey_row
-- Surveys about what happened in the month, with the follow-up that their answer led to.
create temp table survey_row on commit drop as
select
    survey.survey_id, survey.trigger_code, survey.purpose_code, survey.customer_id, survey.topic_code,
    survey.about_kind_code, survey.about_id,
    survey.happened_at, survey.state_code, survey.is_solved, survey.score,
    survey.state_code in ('sent', 'answered', 'silent') as is_asked,
    follow_up_ticket.is_reached as is_reached, follow_up_ticket.is_solved as is_solved_after,
    follow_up_ticket.first_answered_at, follow_up_ticket.reopen_count,
    follow_up_ticket.closed_at is not null as is_closed
from survey
left join follow_up_ticket on follow_up_ticket.survey_id = survey.survey_id
where survey.happened_at >= :first and survey.happened_at < :after
    and survey.trigger_code <> 'follow_up_answered' and survey.purpose_code <> 'progress'

-- statement: follow_up_row
-- Promises of follow-up that fell due in the month.
create temp table follow_up_row on commit drop as
select follow_up_id, measure_code, first_due_at, first_answered_at, is_promise_kept
from follow_up_ticket
where first_due_at >= :first and first_due_at < :after and measure_code in ('complex_question', 'second_follow_up')

-- statement: refusal_row
-- Messages not let through in the month.
create temp table refusal_row on commit drop as
select trigger_code, purpose_code, stage_code, reason_code, count(*) as refused_count,
count(*) filter (where is_promised) as promised_count
from survey_refusal
where refused_at >= :first and refused_at < :after
group by trigger_code, purpose_code, stage_code, reason_code
