-- model: person
-- grain: one customer who grumbled or complained
-- inputs: population, input_grumble, input_complaint
-- share: customer_id
-- params: first_day, last_day
-- The customers who grumbled or complained, numbered; at_risk_to is the day of the month's first complaint, else
-- to_day; complained_before_at their last complaint before the month.
with active as (
    select customer_id from input_grumble
    union
    select customer_id from input_complaint
),
first_complaint as (
    select customer_id, cast(min(complained_on) - $first_day as smallint) as first_day_no
    from input_complaint
    where complained_on between $first_day and $last_day
    group by customer_id
),
earlier_complaint as (
    select customer_id, max(complained_at) as complained_before_at
    from input_complaint
    where complained_on < $first_day
    group by customer_id
),
final as (
    select
        cast(row_number() over (order by population.customer_id) as integer) as customer_no,
        population.*,
        least(to_day, coalesce(first_complaint.first_day_no, to_day)) as at_risk_to,
        earlier_complaint.complained_before_at
    from population
    semi join active using (customer_id)
    left join first_complaint using (customer_id)
    left join earlier_complaint using (customer_id)
)
select * from final
