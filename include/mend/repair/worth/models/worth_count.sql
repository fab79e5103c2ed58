-- model: worth_count
-- grain: one speed
-- inputs: worth_problem, snapshot
-- params: first_day
-- order: speed_code
-- Problems by how fast they were solved; a customer counts once, by the slowest: who waits for one answer has not got
-- it. Spend is that of the month's snapshot, of those of whom it is known.
with
ranked as (select *, list_position(['at_once', 'later', 'unsolved'], speed_code) as place from worth_problem),
problem as (select speed_code, count(*) as problem_count from worth_problem group by speed_code),
person as (
    select customer_id, arg_max(speed_code, place) as speed_code from ranked group by customer_id
),
spent as (select customer_id, arpu_amount from snapshot where month_on = $first_day),
customer as (
    select
        person.speed_code, count(*) as customer_count, count(spent.arpu_amount) as arpu_count,
        cast(sum(spent.arpu_amount) as double) as arpu_sum
    from person
    left join spent on person.customer_id = spent.customer_id
    group by person.speed_code
),
final as (
    select
        problem.speed_code, problem_count, coalesce(customer_count, 0) as customer_count,
        coalesce(arpu_count, 0) as arpu_count, coalesce(arpu_sum, 0.0) as arpu_sum
    from problem left join customer on problem.speed_code = customer.speed_code
)
select * from final
