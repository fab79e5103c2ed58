-- model: indicator_count
-- grain: one indicator or credit that hit
-- inputs: entry, indicator_word
-- share: customer_id
-- Entries, customers and points of each indicator: customers counted once by a bit for each indicator that hit them.
with
hit as (
    select
        indicator_number,
        count(*) as hit_count,
        cast(sum(points) as decimal(18, 3)) as points
    from entry
    where is_debit or is_credit
    group by indicator_number
),
customer as (
    select bit_or(cast(1 as hugeint) << indicator_number) as indicator_bits
    from entry
    where is_debit or is_credit
    group by customer_id
),
pattern as (select indicator_bits, count(*) as customer_count from customer group by indicator_bits),
name as (select distinct indicator_number, indicator_id from indicator_word),
final as (
    select
        name.indicator_id,
        hit.hit_count,
        cast(sum(case when pattern.indicator_bits & (cast(1 as hugeint) << hit.indicator_number) <> 0
            then pattern.customer_count else 0 end) as bigint)
            as customer_count,
        hit.points
    from hit
    join name on hit.indicator_number = name.indicator_number
    cross join pattern
    group by all
)
select * from final
