-- model: ticket_state
-- grain: one state of a ticket
-- inputs: core_ticket, core_ticket_version
-- params: after
-- What was known of tickets by the month's end: later states change nothing of a month. The first state speaks of all
-- days before it. A ticket of which no states are kept has the one that it has now.
with
every as (
    select
        ticket_id, version_at, kind_code, opened_at, promised_at, suspended_at, suspended_until, resolved_at, closed_at
    from core_ticket_version
    union all
    select
        ticket_id, opened_at, kind_code, opened_at, promised_at, suspended_at, suspended_until, resolved_at, closed_at
    from core_ticket
    where ticket_id not in (select ticket_id from core_ticket_version)
),
final as (
    select *
    from every
    qualify version_at < $after or row_number() over (partition by ticket_id order by version_at) = 1
)
select * from final
