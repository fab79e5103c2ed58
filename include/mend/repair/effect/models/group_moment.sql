-- model: group_moment
-- grain: one arm of one comparison, in one group and one half of its customers
-- inputs: compared, unit
-- fills: outcome, baseline
-- order: strategy_code, estimand_code, grouping_code, group_code, half, is_treated
-- As `moment`, for each group of each grouping and each half of the customers.
with
taken as (
    select
        compared.strategy_code,
        compared.estimand_code,
        compared.is_treated,
        unit.level,
        unit.segment,
        unit.value,
        unit.age,
        unit.gender,
        unit.city,
        unit.half,
        cast({outcome} as hugeint) as y,
        case when {outcome} is not null then cast({baseline} as hugeint) end as x
    from compared
    join unit on compared.customer_id = unit.customer_id
),
final as (
    select
        strategy_code,
        estimand_code,
        case
            when grouping(level) = 0 then 'level'
            when grouping(segment) = 0 then 'segment'
            when grouping(value) = 0 then 'value'
            when grouping(age) = 0 then 'age'
            when grouping(gender) = 0 then 'gender'
            else 'city'
        end as grouping_code,
        coalesce(level, segment, value, age, gender, city) as group_code,
        half,
        is_treated,
        count(y) as known_count,
        count(*) - count(y) as missing_count,
        coalesce(sum(y), 0) as y_sum,
        coalesce(sum(y * y), 0) as yy_sum,
        count(x) as baseline_count,
        coalesce(sum(x), 0) as x_sum,
        coalesce(sum(x * x), 0) as xx_sum,
        coalesce(sum(x * y), 0) as xy_sum,
        coalesce(sum(y) filter (x is not null), 0) as baseline_y_sum
    from taken
    group by grouping sets (
        (strategy_code, estimand_code, is_treated, half, level),
        (strategy_code, estimand_code, is_treated, half, segment),
        (strategy_code, estimand_code, is_treated, half, value),
        (strategy_code, estimand_code, is_treated, half, age),
        (strategy_code, estimand_code, is_treated, half, gender),
        (strategy_code, estimand_code, is_treated, half, city)
    )
)
select * from final
