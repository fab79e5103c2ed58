-- model: pattern_day
-- grain: one group, day and pattern
-- inputs: pattern_part
-- params: window, known_from
-- Customer-days of all shares, of the days whose window is within the records.
select group_no, day, pattern, cast(sum(customer_days) as bigint) as customer_days
from pattern_part
where window_days = $window and day >= $known_from
group by group_no, day, pattern
having sum(customer_days) > 0
order by group_no, day, pattern
