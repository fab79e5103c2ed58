-- Callback bookings with their clock. Input: target_callback_booking.
with
booking as (select * from target_callback_booking),
final as (
    select
        *,
        (epoch_us(called_back_at) - epoch_us(requested_at)) / 1e6 as called_back_after_seconds,
        requested_at + to_seconds($callback_limit_seconds) as limit_at,
        (epoch_us($known_until) - epoch_us(requested_at)) / 1e6 as seconds_known
    from booking
)
select * from final
