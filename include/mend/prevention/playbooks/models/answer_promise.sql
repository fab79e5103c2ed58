-- model: answer_promise
-- grain: one call to which an answer in time was promised
-- inputs: core_contact
-- params: promise_code, limit_seconds, first_at, after_at
-- fills: made_for
-- Kept when an agent answered within the limit; broken when the customer waited longer, answered or not. Who left the
-- queue before the limit had no chance to be answered in time: no case. Without a time in the queue, or where nobody
-- says whether it was answered, nobody can tell.
with
promised as (
    select
        contact_id,
        customer_id,
        started_at,
        queue_seconds,
        is_answered,
        is_abandoned,
        ({made_for}) is null as is_unsure
    from core_contact
    where started_at >= $first_at and started_at < $after_at and ({made_for}) is distinct from false
),
judged as (
    select
        *,
        case
            when is_unsure or queue_seconds is null then 'unknown'
            when queue_seconds > $limit_seconds then 'broken'
            when is_answered then 'kept'
            when is_answered is null and is_abandoned is distinct from true then 'unknown'
        end as state_code
    from promised
),
final as (
    select
        $promise_code as promise_code,
        contact_id as case_id,
        customer_id,
        cast(null as varchar) as city_code,
        state_code,
        started_at as decided_at
    from judged
    where state_code is not null
)
select * from final
