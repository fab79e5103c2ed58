-- model: warning_line
-- grain: one night, grumble type, behaviour cluster and level
-- inputs: level_row, listed
-- mart_warning_line: the distribution of levels, and where the warning line is.
with
graded as (
    select
        level_row.*, coalesce(grumble_type_code, 'unclassified') as type_code,
        coalesce(behaviour_code, 'unknown') as behaviour,
        listed.grumble_id is not null as is_above
    from level_row
    left join (select day_on, grumble_id from listed) as listed using (day_on, grumble_id)
),
cell as (
    select day_on, type_code, behaviour, min(department_code) as department_code, count(*) as grumbles,
        min(case when is_above then level end) as line_level
    from graded
    group by all
),
counted as (
    select day_on, type_code, behaviour, level, count(*) as grumbles, count(case when is_above then 1 end) as above
        from graded group by all
),
final as (
    select
        cell.day_on, cell.type_code as grumble_type_code, cell.behaviour as behaviour_code, cell.department_code,
        each.level,
        coalesce(counted.grumbles, 0) as grumble_count,
        round(coalesce(counted.grumbles, 0) / cell.grumbles, 9) as share,
        coalesce(counted.above, 0) as above_count, cell.line_level
    from cell
    cross join (select unnest([1, 2, 3, 4, 5]) as level) as each
    left join counted on counted.day_on = cell.day_on and counted.type_code = cell.type_code
        and counted.behaviour = cell.behaviour and counted.level = each.level
)
select * from final
