-- Bookings twice: when requested, and again when called back.
with
requested as (
    select
        planned_booking.* exclude (called_back_at, is_reached),
        null::timestamp as called_back_at,
        null::boolean as is_reached,
        requested_at as updated_at,
        coalesce(called_back_at >= world.horizon, true) as is_latest
    from planned_booking
    cross join world
    where requested_at < world.horizon
),
called_back as (
    select planned_booking.*, called_back_at as updated_at, true as is_latest
    from planned_booking
    cross join world
    where called_back_at < world.horizon
),
together as (
    select * from requested
    union all by name
    select * from called_back
),
final as (
    select $columns, updated_at, is_latest
    from together
)
select * from final
