-- model: complaint_after
-- grain: one customer with a grumble in the month
-- inputs: input_grumble, input_complaint
-- params: month_first, followed_until
-- Whether a complaint came at or after the first grumble, and within 7 days of the first one that was not solved at
-- once (null: there is none, or the 7 days are not over).
with
first_grumble as (
    select
        customer_id,
        min(grumbled_at) as first_at,
        min(case when not is_solved_at_once and complaint_id is null and grumbled_on <= $followed_until
            then grumbled_at end) as unsolved_at
    from input_grumble
    where grumbled_on >= $month_first
    group by customer_id
),
final as (
    select
        customer_id,
        count(case when complained_at >= first_at then 1 end) > 0 as has_complaint,
        case when any_value(unsolved_at) is not null
            then count(case when complained_at > unsolved_at and complained_at <= unsolved_at + interval 7 days
                then 1 end) > 0 end as has_complaint_soon
    from first_grumble
    left join input_complaint using (customer_id)
    group by customer_id
)
select * from final
