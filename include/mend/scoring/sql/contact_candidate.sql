-- Contacts that may hit a rule which looks at other records, with what those records say. Inputs: contact_placed, contact_narrow,
-- core_callback_booking, core_ticket.
with
candidate as (
    select *, started_us + contact_seconds * 1000000 as ended_us
    from contact_placed
    where is_target and bits & $candidate_bits <> 0
),
failed as (
    select
        contact_key, customer_key, started_us,
        row_number() over (partition by customer_key order by started_us, tie) as number
    from contact_placed
    where is_failed_attempt
),
failed_counted as (
    select
        contact_key,
        number + 1 - min(number) over (
            partition by customer_key order by started_us range between $repeated_failure_us preceding and current row
        ) as failed_attempts_in_window
    from failed
),
from_us as (select customer_key, started_us from contact_narrow where is_outbound),
customer as (
    select distinct contact_narrow.customer_key, contact_narrow.customer_id
    from candidate join contact_narrow using (contact_key)
),
booking as (
    select customer.customer_key, epoch_us(core_callback_booking.requested_at) as requested_us
    from core_callback_booking join customer using (customer_id)
),
agent_call as (select customer_key, topic_key, started_us from contact_placed where is_answered and topic_key is not null),
ticket as (
    select contact_narrow.contact_key, min(epoch_us(core_ticket.opened_at)) as opened_us
    from core_ticket join contact_narrow using (contact_id)
    group by contact_narrow.contact_key
),
with_failed as (
    select candidate.*, failed_counted.failed_attempts_in_window
    from candidate left join failed_counted using (contact_key)
),
with_booking as (
    select with_failed.*, (booking.requested_us - with_failed.started_us) / 1e6 as booking_after_seconds
    from with_failed
    asof left join booking
        on with_failed.customer_key = booking.customer_key and with_failed.started_us <= booking.requested_us
),
with_call as (
    select with_booking.*, (from_us.started_us - with_booking.started_us) / 1e6 as contact_from_us_after_seconds
    from with_booking
    asof left join from_us
        on with_booking.customer_key = from_us.customer_key and with_booking.started_us < from_us.started_us
),
with_call_after_end as (
    select with_call.*, (from_us.started_us - with_call.ended_us) / 1e6 as contact_from_us_after_end_seconds
    from with_call
    asof left join from_us
        on with_call.customer_key = from_us.customer_key and with_call.ended_us < from_us.started_us
),
with_agent_call as (
    select with_call_after_end.*, (agent_call.started_us - with_call_after_end.started_us) / 1e6 as agent_call_after_seconds
    from with_call_after_end
    asof left join agent_call
        on with_call_after_end.customer_key = agent_call.customer_key
        and with_call_after_end.topic_key = agent_call.topic_key
        and with_call_after_end.started_us < agent_call.started_us
),
final as (
    select
        with_agent_call.*,
        (ticket.opened_us - with_agent_call.started_us) / 1e6 as ticket_after_seconds,
        (epoch_us($known_until) - with_agent_call.started_us) / 1e6 as seconds_known,
        (epoch_us($known_until) - with_agent_call.ended_us) / 1e6 as seconds_known_after_end
    from with_agent_call left join ticket using (contact_key)
)
select * from final
