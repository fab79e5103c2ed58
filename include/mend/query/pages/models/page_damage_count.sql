-- model: page_damage_count
-- grain: one level and segment of the month
-- inputs: month_row
-- params: as_of_on, month
-- How many customers the month has at each level. Who left is on no list, and is not counted.
with
final as (
    select
        cast($as_of_on as date) as as_of_on,
        $month as month,
        level,
        segment_code,
        count(*) as customer_count,
        count(*) filter (where is_explicit) as explicit_count,
        bool_and(is_closed) as is_closed
    from month_row
    where not has_left
    group by level, segment_code
)
select * from final
