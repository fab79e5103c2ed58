-- model: preceding
-- grain: one complaint, complaint type and grumble type
-- inputs: grumble_day, complaint_row
-- share: customer_id
-- params: longest
-- Each complaint of the month with the latest grumble of each type before its day (gap), and whether that one is the
-- nearest of all.
with before as (
    select
        complaint_row.complaint_id,
        any_value(complaint_row.group_no) as group_no,
        complaint_row.complaint_no,
        grumble_day.type_no,
        min(complaint_row.day - grumble_day.day) as gap,
        max(grumble_day.last_at) as last_at
    from complaint_row
    join grumble_day on
        grumble_day.customer_no = complaint_row.customer_no
        and grumble_day.day between complaint_row.day - $longest and complaint_row.day - 1
    where complaint_row.day >= 0
    group by complaint_row.complaint_id, complaint_row.complaint_no, grumble_day.type_no
),
final as (
    select
        *,
        row_number() over (partition by complaint_id, complaint_no order by last_at desc, type_no) = 1 as is_nearest
    from before
)
select * from final
