-- Surveys after a repair: was it put right (second follow-up), and how is it now (re-survey, 0 to 10 or five stars).
create or replace temp table later_survey as
with
succeeded as (
    select planned_repair.*
    from planned_repair
    join person using (number)
    where person.has_survey_consent and planned_repair.outcome_code in ('resolved', 'honoured', 'accepted')
),
solved_now as (
    select
        'S' || repair_id[2:] || 'Y' as survey_id,
        customer_id, number, mix(h, 'solved_now') as s,
        'ticket' as about_kind_code, ticket_id as about_id, 'second_follow_up' as purpose_code,
        done_at + to_hours(1) as sent_at,
        null::integer as score, null::integer as score_scale, true as is_solved
    from succeeded
    where action_code = 'second_follow_up' and draw(h, 'solved_now') < 0.6
),
resurveyed as (
    select
        'S' || repair_id[2:] || 'Z' as survey_id,
        customer_id, number, mix(h, 'resurvey') as s,
        case when contact_id is not null then 'contact' else 'ticket' end as about_kind_code,
        coalesce(contact_id, ticket_id) as about_id,
        'resurvey' as purpose_code,
        done_at + to_seconds(86400 + floor(draw(h, 'resurvey_pace') * 900000)::integer) as sent_at,
        case when draw(h, 'resurvey_scale') < 0.1 then 3 + floor(draw(h, 'mark') * 3)::integer
            else 10 - floor(waiting(h, 'mark', 1.5))::integer end as mark,
        case when draw(h, 'resurvey_scale') < 0.1 then 5 else 10 end as score_scale,
        null::boolean as is_solved
    from succeeded
    where draw(h, 'resurvey') < 0.4
),
together as (
    select * from solved_now
    union all by name
    select * exclude (mark), greatest(0, mark) as score from resurveyed
),
final as (
    select
        survey_id, customer_id, about_kind_code, about_id, purpose_code, sent_at,
        sent_at + to_seconds(30 + floor(waiting(s, 'answer', 7200.0))::integer) as replied_at,
        coalesce(score::varchar, '1') as reply_text,
        score, score_scale, is_solved, number, s as h
    from together
)
select * from final
