-- model: line_picture
-- grain: one area, behaviour cluster, level and side of the line
-- inputs: graded_night, listed_night
-- Shares of the levels for the picture, above and below the line (one night).
with
graded as (
    select
        coalesce(area_code, 'unclassified') as area, coalesce(behaviour_code, 'unknown') as behaviour, level,
        listed.grumble_id is not null as is_above
    from graded_night
    left join (select grumble_id from listed_night) as listed using (grumble_id)
),
cell as (select area, behaviour, count(*) as grumbles, min(case when is_above then level end) as line_level from graded
    group by all),
final as (
    select area, behaviour, level, round(count(*) / any_value(cell.grumbles), 9) as share, is_above,
    any_value(cell.line_level) as line_level
    from graded join cell using (area, behaviour)
    group by all
    order by area, behaviour, level, is_above
)
select * from final
