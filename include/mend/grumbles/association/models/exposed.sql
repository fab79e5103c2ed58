-- model: exposed
-- grain: one customer and grumble type
-- inputs: open_spell
-- share: customer_id
-- params: window
-- The month's days at risk on which such a grumble is open within the window, as bits: bit 0 is the first day.
--     day | first | last | window | bits
--     0   | 1     | 30   | 3      | 1110  (days 1 to 3)
with
spell as (
    select customer_no, group_no, type_no, first, least(day + $window, last) as last
    from open_spell
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
