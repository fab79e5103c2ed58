-- model: population
-- grain: one month and city, and all cities together
-- inputs: snapshot, month_snapshot
-- order: month, city_code
-- The customers of each month's latest snapshot who have not left.
with
present as (
    select month_snapshot.month, coalesce(nullif(snapshot.city_code, ''), 'unknown') as city_code
    from snapshot
    join month_snapshot on snapshot.month_on = month_snapshot.snapshot_on
    where snapshot.status_code is distinct from 'left'
),
final as (
    select month, city_code, count(*) as customer_count from present group by month, city_code
    union all
    select month, 'all', count(*) from present group by month
)
select * from final
