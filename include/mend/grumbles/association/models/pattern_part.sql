-- model: pattern_part
-- grain: one group, day and pattern
-- inputs: exposed, month_day, at_risk_day
-- share: customer_id
-- params: window
-- Customer-days at risk by group, day and pattern (the bits of the types whose grumble is open within the window), of a
-- share. Customers of one type collapse by their days before days are looked at.
with type_count as (
    select customer_no, count(*) as types
    from exposed
    group by customer_no
),
alone as (
    select group_no, type_no, day_bits, count(*) as customers
    from exposed
    semi join (select customer_no from type_count where types = 1) as single using (customer_no)
    group by group_no, type_no, day_bits
),
alone_day as (
    select group_no, day, cast(1 as bigint) << type_no as pattern, sum(customers) as customer_days
    from alone
    cross join month_day
    where (day_bits >> day) & 1 = 1
    group by group_no, day, type_no
),
together_day as (
    select customer_no, any_value(group_no) as group_no, day, bit_or(cast(1 as bigint) << type_no) as pattern
    from exposed
    semi join (select customer_no from type_count where types > 1) as several using (customer_no)
    cross join month_day
    where (day_bits >> day) & 1 = 1
    group by customer_no, day
),
exposed_day as (
    select group_no, day, pattern, customer_days from alone_day
    union all
    select group_no, day, pattern, count(*) from together_day group by group_no, day, pattern
),
counted as (
    select group_no, day, pattern, sum(customer_days) as customer_days
    from exposed_day
    group by group_no, day, pattern
),
calm as (
    select
        at_risk_day.group_no,
        at_risk_day.day,
        cast(0 as bigint) as pattern,
        at_risk_day.customer_days - coalesce(sum(counted.customer_days), 0) as customer_days
    from at_risk_day
    left join counted using (group_no, day)
    group by at_risk_day.group_no, at_risk_day.day, at_risk_day.customer_days
),
final as (
    select $window as window_days, group_no, day, pattern, cast(customer_days as bigint) as customer_days from counted
    union all
    select $window, group_no, day, pattern, cast(customer_days as bigint) from calm
)
select * from final
