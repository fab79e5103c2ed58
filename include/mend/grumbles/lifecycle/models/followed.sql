-- model: followed
-- grain: one customer who was active at the close of the month before
-- inputs: customer_before, snapshot
-- share: customer_id
-- params: first_day
-- What this month's snapshot says of them: still there, left, or nothing (absent, or no status): that is unknown.
with
status as (select customer_id, status_code from snapshot where month_on = $first_day and status_code is not null),
final as (
    select
        customer_before.customer_id,
        customer_before.lifecycle_stage_code,
        customer_before.level,
        status.status_code is not null as is_known,
        coalesce(status.status_code = 'left', false) as is_left
    from customer_before
    left join status on customer_before.customer_id = status.customer_id
    where customer_before.is_active
)
select * from final
