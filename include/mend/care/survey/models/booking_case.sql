-- model: booking_case
-- grain: one booking
-- inputs: core_callback_booking, core_contact
-- params: after, first
-- A row per booking of the month: reached in time, not called back at all, and whether the customer called again within
-- a day.
with
again as (
    select distinct booking.booking_id
    from core_callback_booking as booking
    join core_contact
        on core_contact.customer_id = booking.customer_id
        and core_contact.direction_code = 'inbound'
        and core_contact.contact_id is distinct from booking.contact_id
        and core_contact.started_at > booking.requested_at
        and core_contact.started_at <= booking.requested_at + interval 24 hours
),
final as (
    select
        coalesce(is_reached, false) and called_back_at <= requested_at + interval 24 hours as is_reached_in_time,
        called_back_at is null as is_not_called_back,
        again.booking_id is not null as is_called_again
    from core_callback_booking
    left join again using (booking_id)
    where requested_at >= $first and requested_at < $after
)
select * from final
