-- model: ticket_promise
-- grain: one ticket whose promise was decided in the month
-- inputs: core_ticket_version
-- params: promise_code, limit_seconds, first_at, after_at
-- fills: made_for
-- The ticket as it stood at the month's end: a later state changes nothing. The first solution decides; a suspension
-- moves the limit by as long as it lasts. Closed without a word on whether it is solved, or suspended without an end:
-- nobody can tell.
--   opened 1st 09:00, limit 48 h, suspended 2nd 09:00 to 4th 09:00, solved 4th 10:00: limit 5th 09:00, kept
with
known as (select * from core_ticket_version where version_at < $after_at),
latest as (
    select * from known
    qualify row_number() over (partition by ticket_id order by version_at desc, resolved_at desc, closed_at desc) = 1
),
solution as (
    select ticket_id, min(coalesce(resolved_at, case when is_resolved then closed_at end)) as solved_at
    from known
    where is_resolved is distinct from false
    group by ticket_id
),
promised as (
    select
        ticket_id,
        customer_id,
        city_code,
        opened_at,
        solved_at,
        closed_at,
        opened_at + to_seconds($limit_seconds) as plain_limit_at,
        coalesce(suspended_at, opened_at) as stopped_at,
        suspended_until,
        coalesce(status_code = 'suspended' and suspended_until is null, false) as is_without_end,
        closed_at is not null and solved_at is null and is_resolved is null as is_without_word,
        ({made_for}) is null as is_unsure
    from latest
    left join solution using (ticket_id)
    where ({made_for}) is distinct from false
),
limited as (
    select
        *,
        case
            when suspended_until > stopped_at and stopped_at < plain_limit_at
                then plain_limit_at + (suspended_until - stopped_at)
            else plain_limit_at
        end as limit_at
    from promised
),
judged as (
    select
        *,
        case
            when is_unsure or solved_at < opened_at then 'unknown'
            when solved_at <= limit_at then 'kept'
            when is_without_word and closed_at <= limit_at then 'unknown'
            when is_without_end and stopped_at < limit_at then 'unknown'
            else 'broken'
        end as state_code
    from limited
),
decided as (
    select
        *,
        case
            when is_unsure or solved_at < opened_at then opened_at
            when state_code = 'kept' then solved_at
            when is_without_word and closed_at <= limit_at then closed_at
            else limit_at
        end as decided_at
    from judged
),
final as (
    select $promise_code as promise_code, ticket_id as case_id, customer_id, city_code, state_code, decided_at
    from decided
    where decided_at >= $first_at and decided_at < $after_at
)
select * from final
