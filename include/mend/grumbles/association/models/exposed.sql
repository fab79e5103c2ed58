-- model: exposed
-- grain: one customer and grumble type
-- inputs: grumble_day
-- share: customer_id
-- params: window
-- The month's days at risk on which such a grumble is open within the window, as bits: bit 0 is the first day.
--     day | solved_day | window | bits
--     0   | 9999       | 3      | 1110  (days 1 to 3)
with
spell as (
    select
        customer_no, group_no, type_no,
        greatest(day + 1, from_day, 0) as first, least(day + $window, solved_day, at_risk_to) as last
    from grumble_day
),
final as (
    select
        customer_no, any_value(group_no) as group_no, type_no,
        bit_or(((cast(1 as bigint) << cast(last - first + 1 as bigint)) - 1) << cast(first as bigint)) as day_bits
    from spell
    where first <= last
    group by customer_no, type_no
)
select * from final
