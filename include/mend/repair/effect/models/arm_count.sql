-- model: arm_count
-- grain: one comparison and number of ids
-- inputs: compared, id_count
-- order: strategy_code, estimand_code, ids
-- How many customers each arm has, by how many ids they go by: whoever goes by two is drawn twice.
with
final as (
    select
        compared.strategy_code,
        compared.estimand_code,
        coalesce(id_count.id_count, 1) as ids,
        count(*) filter (compared.is_treated) as treated_count,
        count(*) filter (not compared.is_treated) as control_count
    from compared
    left join id_count on compared.customer_id = id_count.customer_id
    group by compared.strategy_code, compared.estimand_code, ids
)
select * from final
