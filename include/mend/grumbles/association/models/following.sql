-- model: following
-- grain: one grumble day and complaint type
-- inputs: grumble_day, complaint_row
-- share: customer_id
-- params: longest
-- Each grumble day with its next complaint of each type (0 is any), up to the longest window after it: gap in days, own
-- day left out.
with final as (
    select
        grumble_day.customer_no,
        any_value(grumble_day.group_no) as group_no,
        grumble_day.type_no,
        grumble_day.day,
        complaint_row.complaint_no,
        min(complaint_row.day - grumble_day.day) as gap
    from grumble_day
    join complaint_row on
        complaint_row.customer_no = grumble_day.customer_no
        and complaint_row.day between grumble_day.day + 1 and grumble_day.day + $longest
    group by grumble_day.customer_no, grumble_day.type_no, grumble_day.day, complaint_row.complaint_no
)
select * from final
