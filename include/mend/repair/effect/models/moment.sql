-- model: moment
-- grain: one arm of one comparison
-- inputs: compared, unit
-- fills: outcome, baseline, before
-- order: strategy_code, estimand_code, is_treated
-- Sums of an outcome (y), of its baseline (x) and of the same figure before (b), of whole thousandths: exact, and the
-- same in whatever order. Who has no outcome is counted apart.
with
taken as (
    select
        compared.strategy_code,
        compared.estimand_code,
        compared.is_treated,
        cast({outcome} as hugeint) as y,
        case when {outcome} is not null then cast({baseline} as hugeint) end as x,
        case when {outcome} is not null then cast({before} as hugeint) end as b
    from compared
    join unit on compared.customer_id = unit.customer_id
),
final as (
    select
        strategy_code,
        estimand_code,
        is_treated,
        count(y) as known_count,
        count(*) - count(y) as missing_count,
        coalesce(sum(y), 0) as y_sum,
        coalesce(sum(y * y), 0) as yy_sum,
        count(x) as baseline_count,
        coalesce(sum(x), 0) as x_sum,
        coalesce(sum(x * x), 0) as xx_sum,
        coalesce(sum(x * y), 0) as xy_sum,
        coalesce(sum(y) filter (x is not null), 0) as baseline_y_sum,
        count(b) as before_count,
        coalesce(sum(b), 0) as before_sum,
        coalesce(sum(y) filter (b is not null), 0) as before_y_sum
    from taken
    group by strategy_code, estimand_code, is_treated
)
select * from final
