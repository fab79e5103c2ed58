-- model: complaint_row
-- grain: one complaint and complaint type
-- inputs: input_complaint, complaint_type, person
-- share: customer_id
-- params: first_day
-- Complaints of known customers, once as their type and once as 'any' (number 0).
with known as (
    select
        input_complaint.complaint_id,
        person.customer_no,
        person.group_no,
        cast(input_complaint.complained_on - $first_day as smallint) as day,
        complaint_type.complaint_no,
        person.at_risk_to
    from input_complaint
    join person using (customer_id)
    left join complaint_type using (complaint_type_code)
    where input_complaint.complained_on - $first_day between person.from_day and person.to_day
),
final as (
    select * replace (0 as complaint_no) from known
    union all by name
    select * from known where complaint_no is not null
)
select * from final
