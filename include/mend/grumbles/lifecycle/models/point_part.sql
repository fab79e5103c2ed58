-- model: point_part
-- grain: one stage and grumble point, in a share; and the stage's whole, is_whole
-- inputs: grumble, customer_now
-- share: customer_id
-- Grumbles and the customers behind them; a customer counts once a point, and once in the whole.
with
placed as (
    select
        coalesce(customer_now.lifecycle_stage_code, 'unknown') as lifecycle_stage_code,
        grumble.grumble_type_code,
        grumble.customer_id
    from grumble
    left join customer_now on grumble.customer_id = customer_now.customer_id
),
final as (
    select
        lifecycle_stage_code,
        grumble_type_code,
        grouping(grumble_type_code) = 1 as is_whole,
        count(*) as grumble_count,
        count(distinct customer_id) as customer_count
    from placed
    group by grouping sets ((lifecycle_stage_code, grumble_type_code), (lifecycle_stage_code))
)
select * from final
