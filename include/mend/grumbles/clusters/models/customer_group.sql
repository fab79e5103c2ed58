-- model: customer_group
-- grain: one customer
-- inputs: value_figure, brand_bound
-- fills: number
-- Every customer's value group: of the groups of their brand the one whose centre is nearest (the first of equals), the
-- brand itself where it has one. Null: nobody knows what they spend. Spend counts within the brand's bounds.
with
placed as (
    select
        customer_id, age, tenure_months, spend, brand_code,
        -- Not without the case: greatest() passes over what is missing.
        case when spend is not null
            then least(greatest(spend, coalesce(low, spend)), coalesce(high, spend)) end as bounded,
        cast({number} as integer) as number
    from value_figure
    left join brand_bound using (brand_code)
),
final as (
    select
        customer_id, age, tenure_months, spend, exp(bounded) - 1 as spend_amount,
        case
            when spend is null then null
            when number is null then brand_code
            else brand_code || ':' || number
        end as value_group_code
    from placed
)
select * from final
