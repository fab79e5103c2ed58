-- model: listed
-- grain: one customer above the warning line of the night
-- inputs: candidate, earlier, department_time, specialist
-- params: quiet_from, day, day_number
-- In each department the most pressing customers whose cases fit the specialists' minutes. A customer whose warning is
-- open takes the time of an open case, keeps their first night, and keeps their owner.
with
warned as (
    select
        customer_id, arg_max(first_warned_on, day_on) as first_warned_on, arg_max(owner_id, day_on) as owner_id,
        arg_max(department_code, day_on) as department_code
    from earlier
    where day_on between $quiet_from and $day - 1
    group by customer_id
),
ranked as (
    select
        candidate.*, warned.first_warned_on as warned_first_on, warned.owner_id as warned_owner_id,
        warned.department_code as warned_department_code, warned.customer_id is null as is_new,
        case when warned.customer_id is null then department_time.minutes_per_case
            else department_time.minutes_per_open_case end as minutes,
        department_time.capacity_minutes
    from candidate
    join department_time using (department_code)
    left join warned using (customer_id)
    where candidate.day_on = $day
),
timed as (
    -- In millionths, so that no sum of fractions decides who is above the line.
    select
        *,
        sum(cast(round(1e6 * minutes) as bigint)) over (partition by department_code
            order by rank rows unbounded preceding) / 1e6
            as reached_minutes
    from ranked
),
listed as (select * from timed where reached_minutes <= capacity_minutes + 1e-9),
kept as (
    select listed.department_code, listed.customer_id, specialist.specialist_id
    from listed
    join specialist on specialist.department_code = listed.department_code
        and specialist.specialist_id = listed.warned_owner_id
    where listed.warned_department_code = listed.department_code
),
-- Those without an owner go to the specialists one after the other, beginning with another one each night.
turn as (
    select department_code, customer_id,
    row_number() over (partition by department_code order by rank) - 1 + $day_number as turn
    from listed anti join kept using (department_code, customer_id)
),
assigned as (
    select turn.department_code, turn.customer_id, specialist.specialist_id
    from turn
    join department_time using (department_code)
    join specialist on specialist.department_code = turn.department_code
        and specialist.place = turn.turn % department_time.specialist_count
    union all
    select * from kept
),
final as (
    select
        listed.* exclude (warned_first_on, warned_owner_id, warned_department_code),
        assigned.specialist_id as owner_id,
        coalesce(listed.warned_first_on, listed.day_on) as first_warned_on
    from listed join assigned using (department_code, customer_id)
)
select * from final
