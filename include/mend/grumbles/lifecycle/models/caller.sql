-- model: caller
-- grain: one regular caller of the months before who is active this month
-- inputs: closed, followed
-- share: customer_id
-- params: month, month_before, months, calling_months
-- In contact last month, and in so many of the months before this one. Stopped: no contact at all this month.
with
regular as (
    select customer_id
    from closed
    where contact_count > 0 and list_contains($months, month)
    group by customer_id
    having count(*) >= $calling_months and bool_or(month = $month_before)
),
now as (select customer_id from closed where month = $month and contact_count > 0),
final as (
    select
        followed.customer_id,
        followed.lifecycle_stage_code,
        followed.level,
        now.customer_id is null as is_stopped
    from followed
    join regular on followed.customer_id = regular.customer_id
    left join now on followed.customer_id = now.customer_id
    where followed.is_known and not followed.is_left
)
select * from final
