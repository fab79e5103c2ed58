-- A row per indicator that a contact hit, families settled, with its points.
create unlogged table third_failure as
select contact_id
from (
    select contact_id, started_at, lag(started_at, 2) over (partition by customer_id order by started_at, contact_id) as third_last_at
    from placed
    where is_failed
) as failed
where started_at - third_last_at <= interval '1 day';

create unlogged table nobody_called as
select contact_id
from placed
where is_failed
    and started_at + interval '1 day' <= %(horizon)s
    and not exists (
        select from booking
        where booking.customer_id = placed.customer_id
            and booking.requested_at between placed.started_at and placed.started_at + interval '1 day'
    )
    and not exists (
        select from contact as call
        where call.direction_code = 'outbound' and call.customer_id = placed.customer_id
            and call.started_at > placed.started_at and call.started_at <= placed.started_at + interval '1 day'
    );

create unlogged table not_called_back as
select contact_id
from placed
where (is_dropped or is_silent_line)
    and ended_at + interval '30 minutes' <= %(horizon)s
    and not exists (
        select from contact as call
        where call.direction_code = 'outbound' and call.customer_id = placed.customer_id
            and call.started_at > placed.ended_at and call.started_at <= placed.ended_at + interval '30 minutes'
    );

create unlogged table needed_agent as
select contact_id
from placed
where ivr_result_code = 'completed' and is_answered is not true
    and exists (
        select from placed as call
        where call.is_answered and call.customer_id = placed.customer_id and call.topic_code = placed.topic_code
            and call.started_at > placed.started_at and call.started_at <= placed.started_at + interval '1 hour'
    );

create unlogged table without_ticket as
select contact_id
from placed
where is_answered and is_resolved = false
    and not exists (
        select from ticket
        where ticket.contact_id = placed.contact_id and ticket.opened_at <= placed.started_at + interval '1 day'
    );

analyze third_failure, nobody_called, not_called_back, needed_agent, without_ticket;

create unlogged table hit as
with
known as (
    select
        placed.*,
        third_failure.contact_id is not null as is_third_failure,
        nobody_called.contact_id is not null as is_nobody_called,
        not_called_back.contact_id is not null as is_not_called_back,
        needed_agent.contact_id is not null as is_agent_needed,
        without_ticket.contact_id is not null as is_without_ticket,
        topic_median.median_handling_seconds
    from placed
    left join third_failure using (contact_id)
    left join nobody_called using (contact_id)
    left join not_called_back using (contact_id)
    left join needed_agent using (contact_id)
    left join without_ticket using (contact_id)
    left join topic_median using (topic_code)
),
named as (
    select
        contact_id, customer_id, started_at, started_on, incident_id, incident_on,
        unnest(array_remove(array[
            case when ivr_kind_code = 'query' and ivr_result_code = 'failed' then 'IVR-01' end,
            case when ivr_kind_code = 'transaction' and ivr_result_code = 'failed' then 'IVR-02' end,
            case when failed_verification_count >= 2 then 'IVR-03' end,
            case when invalid_key_count >= 3 then 'IVR-04' end,
            case when timeout_count >= 2 then 'IVR-05' end,
            case when ivr_depth >= 5 and ivr_result_code = 'none' then 'IVR-06' end,
            case when node_visit_max_count >= 3 then 'IVR-07' end,
            case when ivr_seconds > 180 and ivr_result_code = 'none' then 'IVR-08' end,
            case when is_hung_up_in_menu and ivr_result_code = 'none' and is_agent_requested is not true then 'IVR-09' end,
            case when is_agent_requested and queue_seconds is null and is_answered is not true and is_refused is not true then 'IVR-10' end,
            case when is_system_fault then 'IVR-11' end,
            case when is_agent_needed then 'IVR-12' end,
            case when is_refused and not is_third_failure then 'CON-01' end,
            case when is_abandoned and queue_seconds >= 10 then 'CON-02' end,
            case when is_answered and queue_seconds between 60 and 180 then 'CON-03' end,
            case when is_answered and queue_seconds > 180 then 'CON-04' end,
            case when is_third_failure then 'CON-05' end,
            case when is_nobody_called then 'CON-06' end,
            case when is_not_called_back then 'AGT-03' when is_dropped then 'AGT-01' when is_silent_line then 'AGT-02' end,
            case when hold_seconds > 120 then 'AGT-04' end,
            case when transfer_count >= 2 then 'AGT-05' end,
            case when is_answered and handling_seconds > 2 * median_handling_seconds then 'AGT-06' end,
            case when is_poor_attitude then 'AGT-07' end,
            case when is_wrong_answer then 'AGT-08' end,
            case when is_without_ticket then 'AGT-09' end,
            case when started_at - previous_same_topic_at <= interval '7 days' then 'RES-01' end
        ], null)) as indicator_id
    from known
)
select named.*, rule.points, rule.stage_code
from named join rule using (indicator_id);

analyze hit;
