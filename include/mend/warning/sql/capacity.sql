-- What each department's list takes of its specialists' time, and where its line stands. Inputs: department_time, pressing, listed.
with
candidate as (select department_code, count(*) as customers from pressing where level >= $lowest_level group by all),
taken as (
    select department_code, count(*) as customers, count(case when is_new then 1 end) as new_ones, max(reached_minutes) as minutes,
        arg_max(level, rank) as line_level, arg_max_null(probability_7_days, rank) as line_probability
    from listed
    group by all
),
final as (
    select
        department_time.department_code, department_time.specialist_count, department_time.capacity_minutes,
        coalesce(taken.minutes, 0) as needed_minutes, coalesce(candidate.customers, 0) as candidate_count,
        coalesce(taken.customers, 0) as listed_count, coalesce(taken.new_ones, 0) as new_count, taken.line_level, taken.line_probability
    from department_time
    left join candidate using (department_code)
    left join taken using (department_code)
    order by department_code
)
select * from final
