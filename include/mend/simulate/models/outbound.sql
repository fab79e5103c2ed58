-- Calls from us: after a dropped call, to people who could not connect, to those who booked. They carry no topic: the
-- agent knows why.
create or replace temp table outbound_contact as
with
after_drop as (
    select
        contact_id || 'B' as contact_id, customer_id, number, mix(h, 'after_drop') as o, center_code,
        date_trunc('second', ended_at)
            + to_seconds(case when draw(h, 'zero') < 0.02 then 0
            else snap(60 + floor(draw(h, 'drop_pace') * 2700)::integer, 1800, h, 'drop_edge') end) as started_at
    from inbound_contact
    where not is_anonymous and (is_dropped or is_silent_line) and draw(h, 'after_drop') < 0.6
),
after_failure as (
    select
        contact_id || 'B' as contact_id, customer_id, number, mix(h, 'after_failure') as o, center_code,
        started_at + to_seconds(snap(1200 + floor(draw(h, 'failure_pace') * 95000)::integer, 86400, h, 'failure_edge'))
            as started_at
    from inbound_contact
    where not is_anonymous and draw(h, 'after_failure') < 0.12
        and (is_refused or is_abandoned or (is_agent_requested and queue_seconds is null and not is_answered))
),
after_booking as (
    select
        cause_contact_id || 'K' as contact_id, customer_id, number, mix(h, 'after_booking') as o,
        case when draw(h, 'center') < 0.5 then 'north' else 'south' end as center_code,
        called_back_at as started_at, is_reached
    from planned_booking
    where called_back_at is not null
),
together as (
    select *, draw(o, 'reached') < 0.75 as is_reached from after_drop
    union all by name select *, draw(o, 'reached') < 0.75 as is_reached from after_failure
    union all by name select * from after_booking
),
final as (
    select
        contact_id, customer_id, started_at,
        'outbound' as direction_code,
        'hotline' as touchpoint_code,
        case when is_reached then 'answered' else 'hung_up' end as outcome,
        is_reached as is_answered,
        'A' || lpad(floor(draw(o, 'agent') * agents)::integer::varchar, 5, '0') as agent_id,
        center_code,
        case when is_reached then 30 + floor(waiting(o, 'talk', 90.0))::integer end as talk_seconds,
        case when is_reached then 0 end as hold_seconds,
        number,
        started_at + to_seconds(case when is_reached then 30 + floor(waiting(o, 'talk', 90.0))::integer else 25 end)
            as ended_at
    from together
    cross join world
    where started_at < world.horizon
)
select * from final
