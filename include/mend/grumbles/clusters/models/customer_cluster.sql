-- model: customer_cluster
-- grain: one customer
-- inputs: customer_group, value_class, customer_consumption, customer_behaviour, withdrawn
-- params: month, value_default, consumption_default, behaviour_default
-- mart_customer_cluster: a customer's value, consumption and behaviour. A label that was withdrawn is the default.
with
labelled as (
    select
        $month as month,
        customer_group.customer_id,
        coalesce(value_class.value_code, $value_default) as value_code,
        case when no_behaviour.code is null then coalesce(customer_behaviour.code, $behaviour_default)
            else $behaviour_default end as behaviour_code,
        value_group_code,
        case when no_consumption.code is null then coalesce(customer_consumption.code, $consumption_default)
            else $consumption_default end as consumption_code
    from customer_group
    left join value_class using (value_group_code)
    left join customer_consumption on customer_consumption.customer_id = customer_group.customer_id
    left join customer_behaviour on customer_behaviour.customer_id = customer_group.customer_id
    left join withdrawn as no_behaviour on no_behaviour.kind_code = 'behaviour'
        and no_behaviour.code = customer_behaviour.code
    left join withdrawn as no_consumption on no_consumption.kind_code = 'consumption'
        and no_consumption.code = customer_consumption.code
),
final as (
    select *, value_code || ':' || behaviour_code as cluster_code from labelled order by customer_id
)
select * from final
