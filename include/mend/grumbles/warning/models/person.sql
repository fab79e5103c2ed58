-- model: person
-- grain: one customer
-- inputs: snapshot_file, grumble, exposure
-- The customers of the month's latest snapshot; without any, those who were in contact or grumbled in the month.
with
seen as (
    select customer_id, city_code from grumble
    union all
    select customer_id, null from exposure
),
final as (
    select customer_id, coalesce(city_code, 'unknown') as city_code from snapshot_file where status_code is distinct
        from 'left'
    union all
    select customer_id, coalesce(max(city_code), 'unknown')
    from seen
    where not exists (select 1 from snapshot_file)
    group by customer_id
)
select * from final
