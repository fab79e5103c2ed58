-- model: suspended_case
-- grain: one promise to a suspended ticket
-- inputs: ticket_state
-- params: after, first
-- A row per promised time that fell into the month and had not been moved before it came; one that is open is a miss,
-- not missing. Example (times in May):
--     suspended until 20th, on the 25th until 10 June   ->  a miss of May
--     suspended until 20th, on the 18th until 10 June   ->  none of May
with
named as (
    select ticket_id, version_at, coalesce(promised_at, suspended_until) as due_at, coalesce(suspended_at, opened_at)
        as suspended_at
    from ticket_state
    where suspended_until is not null
),
moved as (
    select *, lead(version_at) over (partition by ticket_id order by version_at) as moved_at
    from (
        select * from named
        qualify due_at is distinct from lag(due_at) over (partition by ticket_id order by version_at)
    )
),
promised as (
    select * from moved where due_at >= $first and due_at < $after and coalesce(moved_at > due_at, true)
),
answered as (
    select
        promised.ticket_id, promised.due_at,
        min(coalesce(ticket_state.resolved_at, ticket_state.closed_at)) as answered_at
    from promised
    join ticket_state on ticket_state.ticket_id = promised.ticket_id
        and coalesce(coalesce(ticket_state.resolved_at, ticket_state.closed_at) >= promised.suspended_at, true)
    group by promised.ticket_id, promised.due_at
),
final as (
    select coalesce(answered_at <= due_at, false) as is_kept, answered_at is null as is_open
    from promised
    left join answered using (ticket_id, due_at)
)
select * from final
