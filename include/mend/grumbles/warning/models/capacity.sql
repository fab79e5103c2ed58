-- model: capacity
-- grain: one night and department
-- inputs: department_time, made_night, candidate, listed
-- What each department's list takes of its specialists' time, and where its line is.
with
candidate_count as (select day_on, department_code, count(*) as customers from candidate group by all),
taken as (
    select day_on, department_code, count(*) as customers, count(case when is_new then 1 end) as new_ones,
    max(reached_minutes) as minutes,
        arg_max(level, rank) as line_level, arg_max_null(probability_7_days, rank) as line_probability
    from listed
    group by all
),
final as (
    select
        made_night.day_on, department_time.department_code, department_time.specialist_count,
        department_time.capacity_minutes,
        coalesce(taken.minutes, 0) as needed_minutes, coalesce(candidate_count.customers, 0) as candidate_count,
        coalesce(taken.customers, 0) as listed_count, coalesce(taken.new_ones, 0) as new_count, taken.line_level,
        taken.line_probability
    from made_night
    cross join department_time
    left join candidate_count on candidate_count.day_on = made_night.day_on
        and candidate_count.department_code = department_time.department_code
    left join taken on taken.day_on = made_night.day_on and taken.department_code = department_time.department_code
    order by made_night.day_on, department_code
)
select * from final
