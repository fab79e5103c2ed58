-- model: complaint_type
-- grain: one complaint type
-- inputs: input_complaint
-- params: most_complaint_types
-- The commonest complaint types, numbered by their code from 1; 0 is any.
with
common as (
    select complaint_type_code
    from input_complaint
    where complaint_type_code is not null
    group by complaint_type_code
    order by count(*) desc, complaint_type_code
    limit $most_complaint_types
),
final as (
    select cast(row_number() over (order by complaint_type_code) as integer) as complaint_no, complaint_type_code
        from common
)
select * from final
