-- model: callback_promise
-- grain: one booking whose promise was decided in the month
-- inputs: core_callback_booking
-- params: promise_code, limit_seconds, first_at, after_at
-- fills: made_for
-- Kept when the call back came within the limit, broken when the limit passed without it; each in the month in which
-- that happened. A call back before its booking is an error of the record: nobody can tell; nor where it is unknown
-- whether the promise was made.
with
promised as (
    select
        booking_id as case_id,
        customer_id,
        cast(null as varchar) as city_code,
        requested_at,
        called_back_at,
        requested_at + to_seconds($limit_seconds) as limit_at,
        ({made_for}) is null as is_unsure
    from core_callback_booking
    where ({made_for}) is distinct from false
),
judged as (
    select
        *,
        case
            when is_unsure or called_back_at < requested_at then 'unknown'
            when called_back_at <= limit_at then 'kept'
            else 'broken'
        end as state_code
    from promised
),
decided as (
    select
        *,
        case state_code when 'unknown' then requested_at when 'kept' then called_back_at else limit_at end as decided_at
    from judged
),
final as (
    select $promise_code as promise_code, case_id, customer_id, city_code, state_code, decided_at
    from decided
    where decided_at >= $first_at and decided_at < $after_at
)
select * from final
