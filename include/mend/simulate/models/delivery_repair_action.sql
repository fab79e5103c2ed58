-- Repairs done before the horizon.
with
final as (
    select $columns, done_at as updated_at, true as is_latest
    from planned_repair
    cross join world
    where done_at < world.horizon
)
select * from final
