-- model: suspended_case
-- grain: one suspended ticket
-- inputs: core_ticket
-- params: after, first
-- A row per suspended ticket whose promised time fell into the month; one that is open is a miss, not missing.
with
promised as (
    select coalesce(promised_at, suspended_until) as due_at, coalesce(resolved_at, closed_at) as answered_at
    from core_ticket
    where suspended_until is not null
),
final as (
    select coalesce(answered_at <= due_at, false) as is_kept, answered_at is null as is_open
    from promised
    where due_at >= $first and due_at < $after
)
select * from final
