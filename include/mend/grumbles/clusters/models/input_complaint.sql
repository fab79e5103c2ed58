-- model: input_complaint
-- grain: one complaint of a known customer
-- inputs: complaint_file, taxonomy
-- Complaints of the same months, with their area.
with
parent as (
    select grumble_type_code as complaint_type_code, max(parent_code) as parent_code
    from taxonomy
    group by grumble_type_code
),
final as (
    select
        customer_id, complained_at, complained_on, is_escalated, coalesce(parent_code, complaint_type_code) as area_code
    from complaint_file
    left join parent using (complaint_type_code)
    where customer_id is not null
)
select * from final
