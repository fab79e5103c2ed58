-- Contacts that may hit a rule which looks at other records, with what those records say. Inputs: contact_placed, contact_narrow,
-- core_callback_booking, core_ticket.
with
candidate as (
    select *, started_at + to_seconds(contact_seconds) as ended_at from contact_placed where is_target and bits & $candidate_bits <> 0
),
failed as (
    select
        contact_id, customer_id, started_at,
        row_number() over (partition by customer_id order by started_at, contact_id) as number
    from contact_placed
    where is_failed_attempt
),
failed_counted as (
    select
        contact_id,
        number + 1 - min(number) over (
            partition by customer_id order by epoch_us(started_at)
            range between $repeated_failure_us preceding and current row
        ) as failed_attempts_in_window
    from failed
),
from_us as (select customer_id, started_at from contact_narrow where is_outbound),
booking as (select customer_id, requested_at from core_callback_booking),
agent_call as (select customer_id, topic_code, started_at from contact_placed where is_answered and topic_code is not null),
ticket as (select contact_id, min(opened_at) as opened_at from core_ticket where contact_id is not null group by contact_id),
with_failed as (
    select candidate.*, failed_counted.failed_attempts_in_window
    from candidate left join failed_counted using (contact_id)
),
with_booking as (
    select with_failed.*, (epoch_us(booking.requested_at) - epoch_us(with_failed.started_at)) / 1e6 as booking_after_seconds
    from with_failed
    asof left join booking
        on with_failed.customer_id = booking.customer_id and with_failed.started_at <= booking.requested_at
),
with_call as (
    select with_booking.*, (epoch_us(from_us.started_at) - epoch_us(with_booking.started_at)) / 1e6 as contact_from_us_after_seconds
    from with_booking
    asof left join from_us
        on with_booking.customer_id = from_us.customer_id and with_booking.started_at < from_us.started_at
),
with_call_after_end as (
    select with_call.*, (epoch_us(from_us.started_at) - epoch_us(with_call.ended_at)) / 1e6 as contact_from_us_after_end_seconds
    from with_call
    asof left join from_us
        on with_call.customer_id = from_us.customer_id and with_call.ended_at < from_us.started_at
),
with_agent_call as (
    select
        with_call_after_end.*,
        (epoch_us(agent_call.started_at) - epoch_us(with_call_after_end.started_at)) / 1e6 as agent_call_after_seconds
    from with_call_after_end
    asof left join agent_call
        on with_call_after_end.customer_id = agent_call.customer_id
        and with_call_after_end.topic_code = agent_call.topic_code
        and with_call_after_end.started_at < agent_call.started_at
),
final as (
    select
        with_agent_call.*,
        (epoch_us(ticket.opened_at) - epoch_us(with_agent_call.started_at)) / 1e6 as ticket_after_seconds,
        (epoch_us($known_until) - epoch_us(with_agent_call.started_at)) / 1e6 as seconds_known,
        (epoch_us($known_until) - epoch_us(with_agent_call.ended_at)) / 1e6 as seconds_known_after_end
    from with_agent_call left join ticket using (contact_id)
)
select * from final
