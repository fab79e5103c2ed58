-- model: contact_decided
-- grain: one contact that may hit a rule which looks at other records
-- inputs: contact_placed, contact_scanned, customer_number, core_callback_booking
-- share: customer_id
-- params: first_on, record_bits, repeated_failure_us, booking_after_seconds_bits, contact_from_us_after_seconds_bits, contact_from_us_after_end_seconds_bits, answered_after_seconds_bits, agent_call_after_seconds_bits
-- fills: bits_after_records
-- What other records say of a contact. Each feature is looked up only for the contacts whose rules ask for it
-- (..._bits). What happened in the very moment counts: a call back in the second of the drop is a call back.
with
candidate as (
    select
        contact_number, bits, customer_number, topic_key, started_us,
        started_us + contact_seconds * 1000000 as ended_us,
        is_failed_attempt
    from contact_placed
    where bits & $record_bits <> 0 and started_on >= $first_on
),
failed as (
    select
        contact_number, customer_number, started_us,
        row_number() over (partition by customer_number order by place) as number
    from contact_placed
    where is_failed_attempt
),
failed_counted as (
    select
        contact_number,
        number + 1 - min(number) over (
            partition by customer_number
                order by started_us range between $repeated_failure_us preceding and current row
        ) as failed_attempts_in_window
    from failed
),
from_us as (select customer_number, started_us from contact_scanned where is_outbound),
booking as (
    select customer_number.customer_number, epoch_us(booking.requested_at) as requested_us
    from core_callback_booking as booking join customer_number using (customer_id)
),
booked as (
    select candidate.contact_number, booking.requested_us - candidate.started_us as after_us
    from candidate
    asof join booking
        on candidate.customer_number = booking.customer_number and candidate.started_us <= booking.requested_us
    where candidate.bits & $booking_after_seconds_bits <> 0
),
called as (
    select candidate.contact_number, from_us.started_us - candidate.started_us as after_us
    from candidate
    asof join from_us on candidate.customer_number = from_us.customer_number
        and candidate.started_us <= from_us.started_us
    where candidate.bits & $contact_from_us_after_seconds_bits <> 0
),
called_after_end as (
    select candidate.contact_number, from_us.started_us - candidate.ended_us as after_us
    from candidate
    asof join from_us on candidate.customer_number = from_us.customer_number
        and candidate.ended_us <= from_us.started_us
    where candidate.bits & $contact_from_us_after_end_seconds_bits <> 0
),
-- An attempt that failed did not get through, whatever else its row says.
waiting as (select contact_number, customer_number, started_us from candidate
    where bits & $answered_after_seconds_bits <> 0),
through as (
    select contact_placed.customer_number, contact_placed.started_us
    from contact_placed semi join waiting using (customer_number)
    where contact_placed.is_answered and not contact_placed.is_failed_attempt
),
got_through as (
    select waiting.contact_number, through.started_us - waiting.started_us as after_us
    from waiting
    asof join through on waiting.customer_number = through.customer_number
        and waiting.started_us <= through.started_us
),
self_served as (
    select contact_number, topic_key, started_us
    from candidate
    where bits & $agent_call_after_seconds_bits <> 0 and topic_key is not null
),
agent_call as (
    select contact_placed.topic_key, contact_placed.started_us
    from contact_placed
    semi join self_served using (topic_key)
    where contact_placed.is_answered
),
agent_called as (
    select self_served.contact_number, agent_call.started_us as agent_call_us,
    agent_call.started_us - self_served.started_us as after_us
    from self_served
    asof join agent_call on self_served.topic_key = agent_call.topic_key
        and self_served.started_us < agent_call.started_us
),
featured as (
    select
        candidate.contact_number,
        candidate.bits,
        candidate.is_failed_attempt,
        agent_called.agent_call_us,
        failed_counted.failed_attempts_in_window,
        booked.after_us / 1e6 as booking_after_seconds,
        called.after_us / 1e6 as contact_from_us_after_seconds,
        called_after_end.after_us / 1e6 as contact_from_us_after_end_seconds,
        got_through.after_us / 1e6 as answered_after_seconds,
        agent_called.after_us / 1e6 as agent_call_after_seconds
    from candidate
    left join failed_counted using (contact_number)
    left join booked using (contact_number)
    left join called using (contact_number)
    left join called_after_end using (contact_number)
    left join got_through using (contact_number)
    left join agent_called using (contact_number)
),
final as (select contact_number, agent_call_us, {bits_after_records} as bits from featured)
select * from final
