-- What is done for customers: follow-up calls, priority access, rebates, care messages, visits. Each names the contact
-- or ticket it repairs.
create or replace temp table planned_repair as
with
poor_or_unsolved as (
    select
        *,
        (score_scale = 10 and score <= 6) or (score_scale = 5 and score <= 2) as is_poor
    from first_survey
    where about_kind_code <> 'campaign'
),
complex_follow_up as (
    select
        customer_id, number, mix(h, 'complex_follow_up') as r, 'follow_up_call' as action_code,
        replied_at
            + to_seconds(snap(600 + floor(draw(h, 'follow_pace') * 8400)::integer, 7200, h, 'follow_edge')) as done_at,
        replied_at + to_hours(2) as due_at,
        about_id as contact_id, null as ticket_id, about_id || 'F' as suffix
    from poor_or_unsolved
    where purpose_code = 'complex_question' and not is_solved and draw(h, 'followed') < 0.85
),
poor_follow_up as (
    select
        customer_id, number, mix(h, 'poor_follow_up') as r, 'follow_up_call' as action_code,
        replied_at + to_seconds(3600 + floor(draw(h, 'poor_pace') * 110000)::integer) as done_at,
        case when draw(h, 'dated') < 0.8 then replied_at + to_hours(24) end as due_at,
        case when about_kind_code = 'contact' then about_id end as contact_id,
        case when about_kind_code = 'ticket' then about_id end as ticket_id,
        about_id || 'G' as suffix
    from poor_or_unsolved
    where is_poor and draw(h, 'poor_followed') < 0.35
),
second_follow_up as (
    select
        customer_id, number, mix(h, 'second_follow_up') as r, 'second_follow_up' as action_code,
        replied_at
            + to_seconds(snap(7200 + floor(draw(h, 'second_pace') * 190000)::integer, 172800, h,
            'second_edge')) as done_at,
        replied_at + to_hours(48) as due_at,
        null as contact_id, about_id as ticket_id, about_id || 'U' as suffix
    from poor_or_unsolved
    where purpose_code = 'second_follow_up' and not is_solved and draw(h, 'second') < 0.85
),
escalation_call as (
    select
        customer_id, number, mix(h, 'escalation_call') as r, 'follow_up_call' as action_code,
        escalates_at + to_seconds(3600 + floor(draw(h, 'escalation_pace') * 90000)::integer) as done_at,
        escalates_at + to_hours(24) as due_at,
        null as contact_id, ticket_id, ticket_id || 'E' as suffix
    from planned_ticket
    where escalates_at is not null and draw(h, 'called') < 0.7
),
priority_access as (
    select
        customer_id, number, mix(h, 'priority') as r, 'priority_access' as action_code,
        -- At least a minute later: nothing repairs what has not happened yet; up to five weeks, so into the month
        -- after.
        started_at + to_seconds(60 + floor(waiting(h, 'priority_pace', 600000.0))::integer) as done_at,
        null::timestamp as due_at,
        contact_id, null as ticket_id, contact_id || 'A' as suffix
    from inbound_contact
    where not is_anonymous and (is_refused or is_abandoned) and draw(h, 'priority') < 0.14
),
rebate_after_reply as (
    select
        customer_id, number, mix(h, 'rebate') as r, 'rebate' as action_code,
        replied_at + to_seconds(86400 + floor(draw(h, 'rebate_pace') * 2600000)::integer) as done_at,
        null::timestamp as due_at,
        case when about_kind_code = 'contact' then about_id end as contact_id,
        case when about_kind_code = 'ticket' then about_id end as ticket_id,
        about_id || 'R' as suffix
    from poor_or_unsolved
    where is_poor and draw(h, 'rebated') < 0.40
),
rebate_after_complaint as (
    select
        customer_id, number, mix(h, 'rebate') as r, 'rebate' as action_code,
        opened_at + to_seconds(200000 + floor(draw(h, 'rebate_pace') * 2000000)::integer) as done_at,
        null::timestamp as due_at,
        null as contact_id, ticket_id, ticket_id || 'C' as suffix
    from planned_ticket
    where kind_code = 'complaint' and customer_id is not null and draw(h, 'rebated') < 0.35
),
care_sms as (
    select
        customer_id, number, mix(h, 'care') as r, 'care_sms' as action_code,
        date_trunc('second', ended_at) + to_seconds(1800 + floor(waiting(h, 'care_pace', 60000.0))::integer) as done_at,
        null::timestamp as due_at,
        contact_id, null as ticket_id, contact_id || 'M' as suffix
    from inbound_contact
    -- A few go to people who only gave up in the queue: kind, and no credit.
    where not is_anonymous
        and ((coalesce(is_dropped or is_silent_line, false) and draw(h, 'care') < 0.5)
        or (is_abandoned and draw(h, 'care') < 0.02))
),
manager_visit as (
    select
        customer_id, number, mix(h, 'visit') as r, 'manager_visit' as action_code,
        escalates_at + to_days(2 + floor(draw(h, 'visit_pace') * 8)::integer) as done_at,
        null::timestamp as due_at,
        null as contact_id, ticket_id, ticket_id || 'V' as suffix
    from planned_ticket
    where escalates_at is not null and draw(h, 'visited') < 0.2
),
together as (
    select * from complex_follow_up
    union all by name select * from poor_follow_up
    union all by name select * from second_follow_up
    union all by name select * from escalation_call
    union all by name select * from priority_access
    union all by name select * from rebate_after_reply
    union all by name select * from rebate_after_complaint
    union all by name select * from care_sms
    union all by name select * from manager_visit
),
final as (
    select
        'R' || suffix as repair_id,
        customer_id,
        action_code,
        case action_code when 'rebate' then 50 when 'manager_visit' then 120 when 'care_sms' then 0.05
            when 'priority_access' then 0.5 else 6 end::decimal(18, 2) as cost_amount,
        done_at,
        due_at,
        case
            when action_code in ('follow_up_call', 'second_follow_up')
                then case when draw(r, 'ends') < 0.78 then 'resolved' when draw(r, 'ends') < 0.92 then 'unresolved'
                else 'unreached' end
            when action_code = 'priority_access'
                then case when draw(r, 'ends') < 0.92 then 'honoured' else 'unresolved' end
            when action_code = 'rebate' then case when draw(r, 'ends') < 0.75 then 'accepted' else 'refused' end
            when action_code = 'care_sms' then case when draw(r, 'ends') < 0.95 then 'delivered' else 'undelivered' end
            else 'resolved'
        end as outcome_code,
        contact_id,
        ticket_id,
        case when action_code = 'priority_access'
            then snap(2 + floor(waiting(r, 'wait', 9.0))::integer, 20, r, 'wait_edge') end as wait_seconds,
        number, r as h
    from together
    where customer_id is not null
)
select * from final
