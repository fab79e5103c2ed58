-- model: cluster_count
-- grain: one cluster of a kind
-- inputs: customer_cluster
-- order: kind_code, cluster_code
-- How many customers each cluster has.
with
counted as (
    select value_code, value_group_code, consumption_code, behaviour_code, count(*) as customers
    from customer_cluster
    group by all
),
final as (
    select 'value' as kind_code, value_code as cluster_code, sum(customers) as customers from counted
        group by value_code
    union all
    select 'value_group', value_group_code, cast(sum(customers) as bigint)
    from counted
    where value_group_code is not null
    group by value_group_code
    union all
    select 'consumption', consumption_code, cast(sum(customers) as bigint) from counted group by consumption_code
    union all
    select 'behaviour', behaviour_code, cast(sum(customers) as bigint) from counted group by behaviour_code
)
select * from final
