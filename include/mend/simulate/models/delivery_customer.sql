-- Snapshots, made in the night of the month's first day.
with
final as (
    select $columns, month_on + to_hours(2) as updated_at, true as is_latest
    from snapshot
)
select * from final
