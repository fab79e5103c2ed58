-- Plans, on the day they are submitted.
with
final as (
    select $columns, submitted_on + to_hours(9) as updated_at, true as is_latest
    from plan
)
select * from final
