-- model: arm_count
-- grain: one comparison, month and number of ids
-- inputs: compared, unit, id_count
-- order: strategy_code, estimand_code, month, ids
-- How many followed customers each arm has, by how many ids they go by: whoever goes by two is drawn twice. Who was
-- drawn and got lost is missing here, and that is what the sizes are held against the plan for.
with
final as (
    select
        compared.strategy_code,
        compared.estimand_code,
        compared.month,
        coalesce(id_count.id_count, 1) as ids,
        count(*) filter (compared.is_treated) as treated_count,
        count(*) filter (not compared.is_treated) as control_count
    from compared
    semi join unit on compared.customer_id = unit.customer_id
    left join id_count on compared.customer_id = id_count.customer_id
    group by compared.strategy_code, compared.estimand_code, compared.month, ids
)
select * from final
