-- Tickets as they will go: opened by a contact, perhaps suspended, escalated, resolved, closed, reopened. Every planned
-- time may be past the horizon.
create or replace temp table planned_ticket as
with
caused as (
    select
        *,
        mix(h, 'ticket') as t,
        case
            when purpose = 'complaint' then 'complaint'
            when has_grumble then 'grumble'
            else 'enquiry'
        end as kind_code
    from inbound_contact
    where not is_anonymous and is_answered and not is_dropped and not is_silent_line
        and (purpose = 'complaint' or (not is_resolved and draw(h, 'ticket') < 0.75))
),
opened as (
    select
        *,
        -- Complaints are filed five minutes into the call, so that two calls on a boundary give two complaints on it.
        case when kind_code = 'complaint' then started_at + to_seconds(300)
            else date_trunc('second', ended_at) end as opened_at,
        draw(t, 'suspends')
            < case when department_code = 'network' then 0.30 when kind_code = 'complaint' then 0.05
            else 0.015 end as is_suspending,
        kind_code = 'complaint' and draw(t, 'escalates') < 0.09 * escalates as is_escalating
    from caused
),
suspended as (
    select
        *,
        case when is_suspending and draw(t, 'suspended_from') < 0.8
            then opened_at
                + to_seconds(snap(1800 + floor(draw(t, 'suspended_at') * 160000)::integer, 172800, t,
                'suspended_edge')) end as suspended_at,
        case when is_suspending
            then opened_at
                + to_seconds(snap(260000 + floor(draw(t, 'suspended_until') * 900000)::integer, 172800, t,
                'until_edge')) end as suspended_until
    from opened
),
promised as (
    select
        *,
        opened_at + to_seconds(case kind_code when 'complaint' then 172800 else 86400 end) as first_promise_at,
        case when is_suspending
            then case when draw(t, 'promise') < 0.85 then suspended_until
            else suspended_until - to_hours(12) end end as later_promise_at,
        case
            when is_suspending then to_seconds(snap(case
                when draw(t, 'kept') < 0.86
                    then date_diff('second', opened_at, suspended_until) - floor(draw(t, 'early') * 86400)::integer
                else date_diff('second', opened_at, suspended_until) + 3600 + floor(draw(t, 'over') * 250000)::integer
            end, date_diff('second', opened_at, suspended_until), t, 'promise_edge'))
            else to_seconds(snap(least(1800000, floor(29000 * exp(1.15 * normal(t, 'work'))))::integer, 172800, t,
                'work_edge'))
        end as work_time,
        to_seconds(floor(draw(t, 'closing') * 70000)::integer + 60) as closing_time
    from suspended
),
ended as (
    select
        *,
        opened_at + work_time as ends_at,
        -- One in sixteen is closed straight away without a resolution time.
        draw(t, 'silent_end') < 0.06 as is_closed_at_once,
        draw(t, 'solved') < case when kind_code = 'complaint' then 0.93 else 0.95 end as is_solved,
        draw(t, 'reopens') < case when kind_code = 'complaint' then 0.05 else 0.025 end as is_reopening
    from promised
),
closed as (
    select
        *,
        case when not is_closed_at_once then ends_at end as first_resolved_at,
        case when is_closed_at_once then ends_at else ends_at + closing_time end as first_closed_at
    from ended
),
reopened as (
    select
        *,
        case when is_reopening
            then first_closed_at + to_seconds(3600 + floor(draw(t, 'reopened') * 400000)::integer) end as reopened_at
    from closed
),
final as (
    select
        'T' || contact_id[2:] as ticket_id,
        case when draw(t, 'known') < 0.99 then customer_id end as customer_id,
        case when draw(t, 'linked') < 0.97 then contact_id end as contact_id,
        wanted_topic_code as topic_code,
        kind_code, opened_at, first_promise_at, later_promise_at,
        suspended_at, suspended_until,
        coalesce(suspended_at, case when is_suspending then opened_at end) as suspends_at,
        first_resolved_at, first_closed_at, reopened_at,
        reopened_at + to_seconds(7200 + floor(draw(t, 'rework') * 260000)::integer) as second_closed_at,
        case when is_escalating
            then opened_at + to_seconds(7200 + floor(draw(t, 'escalated') * 250000)::integer) end as escalates_at,
        -- Some teams mark the escalation and write no time beside it.
        is_escalating and draw(t, 'timed') < 0.8 as is_escalation_timed,
        is_solved, department_code, city_code,
        'H' || lpad(floor(draw(t, 'handler') * 400)::integer::varchar, 4, '0') as handler_id,
        case when draw(t, 'reassigned') < 0.15 then 1 else 0 end as reassignment_count,
        -- A complaint is always described.
        coalesce(note_text, case when kind_code = 'complaint' then said_text end) as description_text,
        contact_id as cause_contact_id,
        number, t as h
    from reopened
)
select * from final
