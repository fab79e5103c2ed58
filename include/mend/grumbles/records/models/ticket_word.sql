-- model: ticket_word
-- grain: one word of a ticket's on whether it is solved
-- inputs: ticket_file, ticket_state
-- share: ticket_id via ticket
-- By all states of a ticket, not by the one that it has today: a state that says solved for the first time, and one
-- that takes it back (reopened, or not solved any more). A word counts from its own moment when that is on the day of
-- its state or the state is the ticket's first, else from the state's moment on: nobody knew of it before. A ticket of
-- which no states are kept has the one that it has now. Example (times in May):
--     state of | solved | at    | reopened        words
--     10 09:00 |        |       |            ->
--     12 10:00 | true   | 12 09 |                 solved 12 09
--     14 10:00 | false  |       | 14 08           not solved 14 08
--     20 01:00 | true   | 19 18 | 14 08           solved 20 01
with
state as (
    select ticket_id, version_at, is_resolved, resolved_at, closed_at, reopened_at, reopen_count
    from ticket_state
    union all
    select ticket_id, opened_at, is_resolved, resolved_at, closed_at, reopened_at, reopen_count
    from ticket_file
    where ticket_id not in (select ticket_id from ticket_state)
),
claimed as (
    select
        ticket_id, version_at, is_resolved, reopened_at, coalesce(reopen_count, 0) as reopen_count,
        case when is_resolved then coalesce(resolved_at, closed_at) end as solved_at
    from state
),
beside as (
    select
        *,
        row_number() over states = 1 as is_first,
        lag(is_resolved) over states as was_resolved,
        lag(solved_at) over states as solved_before_at,
        lag(reopened_at) over states as reopened_before_at,
        lag(reopen_count) over states as reopen_count_before
    from claimed
    window states as (partition by ticket_id order by version_at)
),
spoken as (
    select ticket_id, version_at, is_first, solved_at as own_at, true as is_solved
    from beside
    where solved_at is not null
        and (solved_at is distinct from solved_before_at
            or (reopened_at is distinct from reopened_before_at and reopened_at <= solved_at))
    union all
    select ticket_id, version_at, is_first, reopened_at, false
    from beside
    where reopened_at is not null and reopened_at is distinct from reopened_before_at
    union all
    select ticket_id, version_at, is_first, version_at, false
    from beside
    where not is_first and (reopened_at is null or reopened_at is not distinct from reopened_before_at)
        and ((was_resolved and not is_resolved)
            or (reopen_count > reopen_count_before
                and (solved_at is null or solved_at is not distinct from solved_before_at)))
),
final as (
    select
        ticket_id,
        case
            when is_first or cast(own_at as date) = cast(version_at as date) then own_at
            else greatest(own_at, version_at)
        end as said_at,
        is_solved
    from spoken
)
select * from final
