-- model: first_ticket_day
-- grain: the first day on which the run's states of tickets bear
-- inputs: change, raw_ticket, core_ticket_version
-- params: first_day, last_day
-- A ticket comes again whenever something happens to it. A later state of a ticket changes nothing before its own day;
-- its first state speaks of all days from the opening on.
with
changed as (
    select subject_id as ticket_id, min(subject_on) as opened_on from change where record_code = 'ticket'
        group by subject_id
),
arrived as (
    select
        ticket_id,
        min(coalesce(
            source_updated_at, greatest(opened_at, suspended_at, resolved_at, closed_at, reopened_at, escalated_at)
        )) as version_at
    from raw_ticket
    where arrived_on between $first_day and $last_day
    group by ticket_id
),
known as (
    select ticket_id, min(version_at) as version_at
    from core_ticket_version semi join changed using (ticket_id)
    group by ticket_id
),
final as (
    select min(case when arrived.version_at > known.version_at then cast(arrived.version_at as date)
        else changed.opened_on end) as day
    from changed
    left join arrived using (ticket_id)
    left join known using (ticket_id)
)
select * from final
