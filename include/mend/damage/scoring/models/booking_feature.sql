-- model: booking_feature
-- grain: one callback booking
-- inputs: file_callback_booking, near_contact
-- share: customer_id
-- params: limit_seconds, rated_reach_days
-- Bookings with their clock, and the contact that each repairs: its own or, when it names none, the failed attempt
-- before it.
with
booking as (select * from file_callback_booking),
attempt as (select customer_id, contact_id, started_at from near_contact where is_failed_attempt),
attempted as (
    select booking.booking_id, max_by(attempt.contact_id, (attempt.started_at, attempt.contact_id)) as contact_id
    from booking
    join attempt
        on booking.customer_id = attempt.customer_id and attempt.started_at <= booking.requested_at
        and attempt.started_at > booking.requested_at - to_days($rated_reach_days)
    where booking.contact_id is null
    group by booking.booking_id
),
final as (
    select
        booking.*,
        (epoch_us(booking.called_back_at) - epoch_us(booking.requested_at)) / 1e6 as called_back_after_seconds,
        booking.requested_at + to_seconds($limit_seconds) as limit_at,
        'booking' as subject_kind_code,
        booking.booking_id as subject_id,
        cast(null as varchar) as debit_cause_id,
        booking.booking_id as credit_cause_id,
        cast(null as varchar) as incident_id,
        coalesce(booking.contact_id, attempted.contact_id) as repaired_contact_id,
        cast(null as varchar) as repaired_ticket_id
    from booking left join attempted using (booking_id)
)
select * from final
