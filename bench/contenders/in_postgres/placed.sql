-- Contacts of known customers in their incidents, with the contact before on the same topic and the second failed attempt before.
create unlogged table placed as
with
beside as (
    select
        contact.*,
        coalesce(is_refused, false) or coalesce(is_abandoned and queue_seconds >= 10, false) or coalesce(
            is_agent_requested and queue_seconds is null and is_answered is not true and is_refused is not true, false
        ) as is_failed,
        lag(started_at) over customer as previous_at,
        lag(started_on) over customer as previous_on,
        case when topic_code is not null then lag(started_at) over topic end as previous_same_topic_at
    from contact
    where customer_id is not null and direction_code = 'inbound'
    window
        customer as (partition by customer_id order by started_at, contact_id),
        topic as (partition by customer_id, topic_code order by started_at, contact_id)
),
chain as (
    select
        *,
        count(*) filter (where previous_at is null or started_at - previous_at >= %(gap)s)
            over (partition by customer_id order by started_at, contact_id) as chain_number
    from beside
),
cut as (
    select
        *,
        previous_at is null or started_at - previous_at >= %(gap)s or (
            first_value(started_on) over (partition by customer_id, chain_number order by started_at, contact_id) < started_on - 1
            and previous_on < started_on
        ) as is_start
    from chain
),
numbered as (
    select *, count(*) filter (where is_start) over (partition by customer_id order by started_at, contact_id) as incident_number
    from cut
)
select
    contact_id, customer_id, topic_code, started_at, started_on, is_failed, is_start, previous_same_topic_at,
    started_at + make_interval(secs => coalesce(ivr_seconds, 0) + coalesce(queue_seconds, 0) + coalesce(talk_seconds, 0) + coalesce(hold_seconds, 0)) as ended_at,
    coalesce(talk_seconds, 0) + coalesce(hold_seconds, 0) as handling_seconds,
    ivr_seconds, ivr_depth, ivr_kind_code, ivr_result_code, failed_verification_count, invalid_key_count, timeout_count, node_visit_max_count,
    is_agent_requested, is_hung_up_in_menu, is_system_fault, is_refused, queue_seconds, is_abandoned, is_answered, hold_seconds,
    transfer_count, is_dropped, is_silent_line, is_resolved, is_poor_attitude, is_wrong_answer,
    first_value(contact_id) over incident as incident_id,
    first_value(started_on) over incident as incident_on
from numbered
window incident as (partition by customer_id, incident_number order by started_at, contact_id);

analyze placed;
