-- model: complaint_figure
-- grain: one customer with a complaint
-- inputs: input_complaint, area_number
-- params: first_day, slots
-- Matters complained of (an area in a month: see contact_figure), and those of them that were escalated.
with
placed as (
    select
        customer_id, is_escalated,
        cast(1 as bigint) << cast(datediff('month', $first_day, complained_on) * $slots
            + coalesce(area_no, 0) % $slots as integer) as matter
    from input_complaint
    left join area_number using (area_code)
),
collected as (
    select
        customer_id,
        bit_or(matter) as complained,
        bit_or(case when is_escalated is not null then matter end) as followed,
        bit_or(case when is_escalated then matter end) as escalated
    from placed
    group by customer_id
),
final as (
    select
        customer_id,
        bit_count(complained) as complained_count,
        bit_count(coalesce(escalated, 0)) as escalated_count,
        bit_count(coalesce(followed, 0)) - bit_count(coalesce(escalated, 0)) as settled_count
    from collected
)
select * from final
