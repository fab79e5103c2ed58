-- model: routed_problem
-- grain: one night, direction, department, role, city and level
-- inputs: level_row, listed, taxonomy, action
-- mart_routed_problem: problems with what is to be done. Pressure goes down to the branch of the department in charge
-- and across to the departments that support it; a demand goes back up where a problem is overdue or failed. action: by
-- department (or 'default') and level, in the words of branch and department.
with
problem as (
    select
        level_row.day_on, level_row.grumble_id, level_row.customer_id, level_row.city_code, level_row.level,
        level_row.solved_state_code,
        coalesce(level_row.grumble_type_code, 'unclassified') as type_code, listed.grumble_id is not null as is_above,
        coalesce(nullif(taxonomy.department_codes, ''), level_row.department_code) as department_codes
    from level_row
    left join taxonomy on taxonomy.grumble_type_code = level_row.grumble_type_code
    left join (select day_on, grumble_id from listed) as listed
        on listed.day_on = level_row.day_on and listed.grumble_id = level_row.grumble_id
),
placed as (
    select *, unnest(string_split(department_codes, ',')) as named,
    generate_subscripts(string_split(department_codes, ','), 1) as place
    from problem
),
passed as (
    select *, trim(named) as department_code, case when place = 1 then 'lead' else 'support' end as role_code,
        case when place = 1 then 'down' else 'across' end as direction_code
    from placed
    union all
    select *, trim(named) as department_code, 'lead' as role_code, 'up' as direction_code
    from placed
    where place = 1 and solved_state_code in ('overdue', 'failed')
),
frequent as (
    select day_on, direction_code, department_code, role_code, city_code, level, type_code, count(*) as grumbles
        from passed group by all
),
top as (
    select day_on, direction_code, department_code, role_code, city_code, level,
    arg_min(type_code, (-grumbles, type_code)) as top_type_code
    from frequent
    group by all
),
counted as (
    select
        day_on, direction_code, department_code, role_code, city_code, level, count(*) as grumble_count,
        count(distinct customer_id) as customer_count, count(case when is_above then 1 end) as above_count
    from passed
    group by all
),
final as (
    select
        counted.*, top.top_type_code,
        case when counted.direction_code = 'down' then coalesce(own.branch_en, everyone.branch_en)
            else coalesce(own.department_en, everyone.department_en) end as actions_en,
        case when counted.direction_code = 'down' then coalesce(own.branch_zh, everyone.branch_zh)
            else coalesce(own.department_zh, everyone.department_zh) end as actions_zh
    from counted
    join top using (day_on, direction_code, department_code, role_code, city_code, level)
    join action as everyone on everyone.department_code = 'default' and everyone.level = counted.level
    left join action as own on own.department_code = counted.department_code and own.level = counted.level
)
select * from final
