-- model: survey_funnel
-- grain: one measure and step of a month
-- inputs: booking_case, refusal_row, step, survey_case, suspended_case, ticket_state
-- params: month
-- The funnels: each step's count beside the count it is a share of. Inputs: step, the cases, ticket_state, refusal_row.
with
refused as (select purpose_code, sum(refused_count) as refused from refusal_row where stage_code = 'enqueue'
    group by purpose_code),
counted as (
    select
        purpose_code,
        count(*) as queued,
        count(*) filter (where is_asked) as asked,
        count(*) filter (where is_answered) as answered,
        count(*) filter (where is_solved = false) as unsolved,
        count(*) filter (where is_solved = false and is_reached) as reached,
        count(*) filter (where is_solved = false and is_reached and is_solved_after) as solved_reached,
        count(*) filter (where is_solved = false and is_solved_after) as solved,
        count(*) filter (where is_solved = false and is_followed_up) as followed_up,
        count(*) filter (where is_solved = false and is_not_accepted) as not_accepted,
        count(*) filter (where is_solved = false and is_closed) as closed,
        count(*) filter (where is_answered and score <= 6) as poor,
        count(*) filter (where is_answered and score >= 9) as high
    from survey_case
    group by purpose_code
),
complaint as (
    select count(distinct ticket_id) as complaints
    from ticket_state
    where kind_code = 'complaint' and strftime(closed_at, '%Y-%m') = $month
),
by_step as (
    unpivot (select purpose_code as measure_code, * exclude (purpose_code, solved_reached, solved, queued) from counted)
    on columns (* exclude measure_code) into name step_code value step_count
),
wide as (
    select 'complex_question' as measure_code, 'triggered' as step_code, queued + coalesce(refused, 0) as step_count
    from counted left join refused using (purpose_code) where purpose_code = 'complex_question'
    union all
    select 'second_follow_up', 'complaints', complaints from complaint
    union all
    select measure_code, step_code, step_count from by_step
    union all
    select purpose_code, 'solved_of_reached', solved_reached from counted
    union all
    select purpose_code, 'solved_of_unsolved', solved from counted
    union all
    select 'booking', 'booked', count(*) from booking_case
    union all
    select 'booking', 'reached_in_time', count(*) filter (where is_reached_in_time) from booking_case
    union all
    select 'booking', 'called_again', count(*) filter (where is_called_again) from booking_case
    union all
    select 'booking', 'not_called_back', count(*) filter (where is_not_called_back) from booking_case
    union all
    select 'suspended_complaint', 'promised', count(*) from suspended_case
    union all
    select 'suspended_complaint', 'kept', count(*) filter (where is_kept) from suspended_case
    union all
    select 'suspended_complaint', 'late', count(*) filter (where not is_kept and not is_open) from suspended_case
    union all
    select 'suspended_complaint', 'open_past_limit', count(*) filter (where not is_kept and is_open) from suspended_case
),
numbered as (
    select step.*, coalesce(wide.step_count, 0) as step_count
    from step left join wide using (measure_code, step_code)
),
final as (
    select
        $month as month, numbered.measure_code, numbered.step_number, numbered.step_code, numbered.name_en,
        numbered.name_zh, numbered.step_count,
        numbered.of_step_code, base.step_count as of_count, round(numbered.step_count / nullif(base.step_count, 0), 6)
            as share
    from numbered
    left join numbered as base on base.measure_code = numbered.measure_code and base.step_code = numbered.of_step_code
    order by numbered.measure_code, numbered.step_number
)
select * from final
