-- Tickets with what replies and follow-ups (within a reach of days, however long the run) and the customer's earlier complaints say.
-- Inputs: target_ticket, complaint (the customer's complaints up to the last target day), core_survey_reply, core_repair_action.
with
ticket as (select * from target_ticket),
complaint_before as (
    select
        ticket_id,
        (epoch_us(opened_at) - epoch_us(lag(opened_at) over (partition by customer_id, topic_code order by opened_at, ticket_id))) / 1e6
            as previous_complaint_seconds
    from complaint
    where topic_code is not null and customer_id is not null
),
reply as (
    select
        ticket.ticket_id,
        min(case when reply.is_solved = false then reply.replied_at end) as unsolved_reply_at,
        min(case when reply.is_solved then reply.replied_at end) as solved_reply_at
    from core_survey_reply as reply
    join ticket on reply.about_id = ticket.ticket_id and reply.replied_on <= ticket.opened_on + $answer_reach_days
    -- An answer without a customer is nobody's word: it may not be the customer's.
    where reply.about_kind_code = 'ticket' and reply.customer_id is not null
    group by ticket.ticket_id
),
follow_up as (
    select ticket.ticket_id, min(repair.done_at) as second_follow_up_failed_at
    from core_repair_action as repair
    join ticket on repair.ticket_id = ticket.ticket_id and repair.done_on <= ticket.opened_on + $answer_reach_days
    where repair.action_code = 'second_follow_up' and repair.outcome_code = 'unresolved'
    group by ticket.ticket_id
),
with_end as (
    select
        *,
        least(resolved_at, closed_at) as ended_at,
        opened_at + to_seconds($ticket_limit_seconds) as limit_at
    from ticket
),
final as (
    select
        with_end.*,
        (epoch_us(with_end.ended_at) - epoch_us(with_end.opened_at)) / 1e6 as ended_after_seconds,
        (epoch_us($known_until) - epoch_us(with_end.opened_at)) / 1e6 as seconds_known,
        with_end.suspended_until is not null
            and coalesce(with_end.suspended_at, with_end.opened_at) <= with_end.limit_at
            and with_end.limit_at < with_end.suspended_until as is_suspended_at_limit,
        with_end.promised_at <= $known_until as is_promise_due,
        reply.unsolved_reply_at,
        reply.solved_reply_at,
        follow_up.second_follow_up_failed_at,
        coalesce(follow_up.second_follow_up_failed_at, with_end.reopened_at, with_end.closed_at, with_end.opened_at)
            as second_failure_at,
        coalesce(with_end.escalated_at, with_end.opened_at) as escalation_at,
        complaint_before.previous_complaint_seconds
    from with_end
    left join complaint_before using (ticket_id)
    left join reply using (ticket_id)
    left join follow_up using (ticket_id)
)
select * from final
