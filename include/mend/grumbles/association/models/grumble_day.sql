-- model: grumble_day
-- grain: one customer, grumble type and day
-- inputs: input_grumble, grumble_type, person
-- share: customer_id
-- params: first_day
-- Days on which somebody grumbled, from which confidence and lift are counted; last_at is the moment of the latest.
-- Days count from the month's first.
with typed as (
    select
        person.customer_no,
        person.group_no,
        grumble_type.type_no,
        input_grumble.grumbled_on - $first_day as day,
        input_grumble.grumbled_at,
        person.from_day,
        person.to_day
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
        max(grumbled_at) as last_at
    from typed
    where day between from_day and to_day
    group by customer_no, type_no, day
)
select * from final
