-- Each ticket as its team saw it after every change up to the horizon: the versions that are delivered; the last one is the ticket.
create or replace temp table ticket_version as
with
moments as (
    select ticket_id, unnest([opened_at, suspended_at, escalates_at, first_resolved_at, first_closed_at, reopened_at, second_closed_at]) as seen_at
    from planned_ticket
),
known as (
    select distinct moments.ticket_id, moments.seen_at
    from moments
    cross join world
    where moments.seen_at < world.horizon
),
seen as (
    select
        planned_ticket.*,
        known.seen_at,
        coalesce(known.seen_at >= suspends_at, false) as has_suspension,
        coalesce(known.seen_at >= escalates_at, false) as has_escalation,
        coalesce(known.seen_at >= reopened_at, false) as has_reopening
    from planned_ticket
    join known using (ticket_id)
),
ended as (
    select
        *,
        case
            when has_reopening then case when seen_at >= second_closed_at then second_closed_at end
            when seen_at >= first_resolved_at then first_resolved_at
        end as ended_at,
        case
            when has_reopening then case when seen_at >= second_closed_at then second_closed_at end
            when seen_at >= first_closed_at then first_closed_at
        end as archived_at
    from seen
),
final as (
    select
        ticket_id, customer_id, contact_id, topic_code, kind_code,
        case
            when archived_at is not null then 'closed'
            when ended_at is not null then 'solved'
            when has_suspension and seen_at < suspended_until then 'suspended'
            else 'open'
        end as status_code,
        case when has_escalation then 3 when has_reopening then 2 else 1 end as tier,
        opened_at,
        case when has_suspension then later_promise_at else first_promise_at end as promised_at,
        case when has_suspension then suspended_at end as suspended_at,
        case when has_suspension then suspended_until end as suspended_until,
        ended_at as resolved_at,
        archived_at as closed_at,
        case when coalesce(ended_at, archived_at) is not null then is_solved or has_reopening end as is_resolved,
        handler_id, department_code,
        case when has_reopening then 1 else 0 end as reopen_count,
        case when has_reopening then reopened_at end as reopened_at,
        reassignment_count,
        has_escalation as is_escalated,
        case when has_escalation and is_escalation_timed then escalates_at end as escalated_at,
        case when coalesce(ended_at, archived_at) is not null then coalesce(ended_at, archived_at) <= opened_at + to_hours(48) end as is_sla_met,
        city_code, description_text,
        seen_at as updated_at,
        row_number() over (partition by ticket_id order by seen_at desc) = 1 as is_latest
    from ended
)
select * from final
