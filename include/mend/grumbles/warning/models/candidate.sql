-- model: candidate
-- grain: one night and customer who may be listed
-- inputs: level_row, department_time
-- params: department, lowest_level
-- With their rank in the department: the most pressing open grumble, the peak (worst) and the end (latest) of their
-- experience. department_time: departments with specialists.
with
placed as (
    select
        *,
        row_number() over (
            partition by day_on, customer_id
            order by level desc, probability_7_days desc nulls last, probability_30_days desc nulls last, points desc,
            grumbled_at, grumble_id
        ) as place
    from level_row
),
extreme as (
    select
        day_on, customer_id, count(*) as open_count,
        arg_max(grumble_id, (level, points, -epoch_us(grumbled_at), grumble_id)) as peak_grumble_id,
        max(level) as peak_level,
        arg_max(grumble_id, (grumbled_at, grumble_id)) as end_grumble_id, arg_max(level, (grumbled_at, grumble_id))
            as end_level
    from level_row
    group by day_on, customer_id
),
pressing as (
    select
        placed.* exclude (place, department_code),
        coalesce(department_time.department_code, $department) as department_code,
        extreme.* exclude (day_on, customer_id)
    from placed
    join extreme using (day_on, customer_id)
    left join department_time on department_time.department_code = placed.department_code
    where placed.place = 1
),
final as (
    select
        *,
        row_number() over (
            partition by day_on, department_code
            order by level desc, probability_7_days desc nulls last, probability_30_days desc nulls last, points desc,
            grumbled_at, customer_id
        ) as rank
    from pressing
    where level >= $lowest_level
)
select * from final
