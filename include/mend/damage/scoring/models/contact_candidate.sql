-- Contacts that may hit a rule which looks at other records, with what those records say. Each feature is looked up only for the
-- contacts whose rules ask for it ($..._bits). Inputs: contact_placed, contact_narrow, core_callback_booking, core_ticket.
with
candidate as (
    select contact_key, bits, customer_key, topic_key, started_us, started_us + contact_seconds * 1000000 as ended_us
    from contact_placed
    where is_target and bits & $candidate_bits <> 0
),
failed as (
    select
        contact_key, customer_key, started_us,
        row_number() over (partition by customer_key order by place) as number
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
waiting as (select contact_key, customer_key, started_us from candidate where bits & $booking_after_seconds_bits <> 0),
booking as (select hash(customer_id) as customer_key, epoch_us(requested_at) as requested_us from core_callback_booking),
booked as (
    select waiting.contact_key, booking.requested_us - waiting.started_us as after_us
    from waiting
    asof join booking on waiting.customer_key = booking.customer_key and waiting.started_us <= booking.requested_us
),
called as (
    select candidate.contact_key, from_us.started_us - candidate.started_us as after_us
    from candidate
    asof join from_us on candidate.customer_key = from_us.customer_key and candidate.started_us < from_us.started_us
    where candidate.bits & $contact_from_us_after_seconds_bits <> 0
),
called_after_end as (
    select candidate.contact_key, from_us.started_us - candidate.ended_us as after_us
    from candidate
    asof join from_us on candidate.customer_key = from_us.customer_key and candidate.ended_us < from_us.started_us
    where candidate.bits & $contact_from_us_after_end_seconds_bits <> 0
),
self_served as (
    select contact_key, customer_key, topic_key, started_us
    from candidate
    where bits & $agent_call_after_seconds_bits <> 0 and topic_key is not null
),
agent_call as (
    select contact_placed.customer_key, contact_placed.topic_key, contact_placed.started_us
    from contact_placed
    semi join self_served using (customer_key, topic_key)
    where contact_placed.is_answered
),
agent_called as (
    select self_served.contact_key, agent_call.started_us - self_served.started_us as after_us
    from self_served
    asof join agent_call
        on self_served.customer_key = agent_call.customer_key
        and self_served.topic_key = agent_call.topic_key
        and self_served.started_us < agent_call.started_us
),
unresolved as (
    select candidate.contact_key, candidate.started_us, contact_narrow.contact_id
    from candidate join contact_narrow on candidate.contact_key = contact_narrow.rowid
    where candidate.bits & $ticket_after_seconds_bits <> 0
),
ticketed as (
    select unresolved.contact_key, min(epoch_us(core_ticket.opened_at)) - any_value(unresolved.started_us) as after_us
    from core_ticket join unresolved using (contact_id)
    group by unresolved.contact_key
),
final as (
    select
        candidate.*,
        failed_counted.failed_attempts_in_window,
        booked.after_us / 1e6 as booking_after_seconds,
        called.after_us / 1e6 as contact_from_us_after_seconds,
        called_after_end.after_us / 1e6 as contact_from_us_after_end_seconds,
        agent_called.after_us / 1e6 as agent_call_after_seconds,
        ticketed.after_us / 1e6 as ticket_after_seconds,
        (epoch_us($known_until) - candidate.started_us) / 1e6 as seconds_known,
        (epoch_us($known_until) - candidate.ended_us) / 1e6 as seconds_known_after_end
    from candidate
    left join failed_counted using (contact_key)
    left join booked using (contact_key)
    left join called using (contact_key)
    left join called_after_end using (contact_key)
    left join agent_called using (contact_key)
    left join ticketed using (contact_key)
)
select * from final
