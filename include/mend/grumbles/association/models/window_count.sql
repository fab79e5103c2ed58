-- model: window_count
-- grain: one window, group, grumble type and complaint type
-- inputs: window_part
-- The counts of all shares: a customer is in one of them.
select
    window_days, group_no, type_no, complaint_no,
    cast(sum(customer_day_count) as bigint) as customer_day_count,
    cast(sum(grumble_day_count) as bigint) as grumble_day_count,
    cast(sum(grumble_customer_count) as bigint) as grumble_customer_count,
    cast(sum(complaint_day_count) as bigint) as complaint_day_count,
    cast(sum(complaint_customer_count) as bigint) as complaint_customer_count,
    cast(sum(both_day_count) as bigint) as both_day_count,
    cast(sum(both_count) as bigint) as both_count,
    cast(sum(before_count) as bigint) as before_count,
    cast(sum(nearest_count) as bigint) as nearest_count
from window_part
group by window_days, group_no, type_no, complaint_no
