-- model: grumble_figure
-- grain: one customer with a grumble
-- inputs: input_grumble, topic_number
-- params: first_day, counts_from, slots, money_areas
-- Matters (see contact_figure) that a customer grumbled about: all, those about money, those about anything else.
with
placed as (
    select
        customer_id, area_code,
        cast(1 as bigint) << cast(datediff('month', $first_day, grumbled_on) * $slots
            + coalesce(topic_no, 0) % $slots as integer) as matter
    from input_grumble
    left join topic_number using (topic_code)
    where grumbled_on >= $counts_from
),
collected as (
    select
        customer_id,
        bit_or(matter) as grumbled,
        bit_or(case when area_code is not null then matter end) as classified,
        bit_or(case when list_contains($money_areas, area_code) then matter end) as about_money
    from placed
    group by customer_id
),
final as (
    select
        customer_id,
        bit_count(grumbled) as grumbled_count,
        bit_count(coalesce(about_money, 0)) as money_count,
        bit_count(coalesce(classified, 0)) - bit_count(coalesce(about_money, 0)) as other_count
    from collected
)
select * from final
