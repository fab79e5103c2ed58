-- model: grumble_day
-- grain: one customer, grumble type and day
-- inputs: input_grumble, grumble_type, person
-- share: customer_id
-- params: first_day
-- solved_day is the day on which the last of the day's grumbles was solved (a day far away while one is open), last_at
-- the moment of the latest. Days count from the month's first.
with typed as (
    select
        person.customer_no,
        person.group_no,
        grumble_type.type_no,
        input_grumble.grumbled_on - $first_day as day,
        coalesce(input_grumble.solved_on - $first_day, 9999) as solved_day,
        input_grumble.grumbled_at,
        person.from_day,
        person.to_day,
        person.at_risk_to
    from input_grumble
    join grumble_type using (grumble_type_code)
    join person using (customer_id)
),
final as (
    select
        customer_no,
        any_value(group_no) as group_no,
        type_no,
        cast(day as smallint) as day,
        cast(max(solved_day) as smallint) as solved_day,
        max(grumbled_at) as last_at,
        any_value(from_day) as from_day,
        any_value(to_day) as to_day,
        any_value(at_risk_to) as at_risk_to
    from typed
    where day between from_day and to_day
    group by customer_no, type_no, day
)
select * from final
