-- model: event_part
-- grain: one group, day, pattern and complaint type
-- inputs: complaint_row, exposed
-- share: customer_id
-- params: window
-- First complaints of the month by group, day, pattern on that day and complaint type (0 is any), of a share.
with first_complaint as (
    select distinct customer_no, group_no, day, complaint_no
    from complaint_row
    where day >= 0 and day = at_risk_to
),
pattern as (
    select customer_no, day, bit_or(cast(1 as bigint) << type_no) as pattern
    from exposed
    join (select distinct customer_no, day from first_complaint) as event using (customer_no)
    where (exposed.day_bits >> event.day) & 1 = 1
    group by customer_no, day
),
final as (
    select $window as window_days, group_no, day, coalesce(pattern, 0) as pattern, complaint_no, count(*) as events
    from first_complaint
    left join pattern using (customer_no, day)
    group by group_no, day, coalesce(pattern, 0), complaint_no
)
select * from final
