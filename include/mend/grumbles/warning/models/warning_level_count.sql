-- model: warning_level_count
-- grain: one level of a grumble type in a behaviour cluster
-- inputs: line_night
-- params: latest
-- How the open grumbles of the latest night are spread over the levels, and how many are above the line.
with
final as (
    select
        department_code, grumble_type_code, behaviour_code, level, day_on, grumble_count, above_count, line_level
    from line_night
    where day_on = $latest
)
select * from final
