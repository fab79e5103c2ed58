-- model: whole
-- grain: all departments and survey items together
-- inputs: customer_cell
-- The same sums over all that a customer grumbled about.
with
customer as (
    select customer_id, sum(now_count) as now_count, sum(before_count) as before_count
    from customer_cell
    where city_code = 'all'
    group by customer_id
),
final as (
    select
        cast(coalesce(sum(now_count), 0) as bigint) as now_count,
        cast(coalesce(sum(before_count), 0) as bigint) as before_count,
        cast(coalesce(sum(now_count * now_count), 0) as bigint) as now_now,
        cast(coalesce(sum(now_count * before_count), 0) as bigint) as now_before,
        cast(coalesce(sum(before_count * before_count), 0) as bigint) as before_before
    from customer
)
select * from final
