-- Months whose list is not of the damaged customers that their close found. Inputs: month_file, list_file.
with
damaged as (
    select month, count(*) as customers, sum((score + level) * cast(hash(customer_id) % 1000003 as bigint)) as weighed
    from month_file
    where level >= 1 and list_contains(cast($months as varchar[]), month)
    group by month
),
listed as (
    select month, count(*) as customers, sum((score + level) * cast(hash(customer_id) % 1000003 as bigint)) as weighed
    from list_file
    group by month
),
final as (
    select damaged.month
    from damaged join listed using (month)
    where damaged.customers <> listed.customers or damaged.weighed <> listed.weighed
)
select * from final
