-- model: customer
-- grain: one customer of a month
-- inputs: closed, place, snapshot
-- share: customer_id
-- params: month, first_day
-- Everybody at a month's close with stage and level; is_active: the month's snapshot says so. Absent is not active, and
-- not left.
with
active as (select customer_id from snapshot where month_on = $first_day and status_code = 'active'),
everybody as (
    select customer_id, lifecycle_stage_code, level, has_left from closed where month = $month
    union all by name
    select customer_id, lifecycle_stage_code, 0 as level, has_left from place
),
final as (
    select
        everybody.customer_id,
        coalesce(everybody.lifecycle_stage_code, 'unknown') as lifecycle_stage_code,
        everybody.level,
        everybody.has_left,
        active.customer_id is not null as is_active
    from everybody
    left join active on everybody.customer_id = active.customer_id
)
select * from final
