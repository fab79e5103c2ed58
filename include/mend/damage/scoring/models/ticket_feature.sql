-- model: ticket_feature
-- grain: one moment of a ticket, with the state that held then
-- inputs: ticket_of_days, ticket_moment, file_ticket_version, complaint_before
-- share: customer_id
-- What the rules on tickets look at. A moment's own columns (`..._at`) are empty in every other row. A view: the rules
-- ask for few of its columns.
with
-- The clock runs out by itself, not for what happened last: a row of its own, without a cause.
moment as (
    select * replace (cast(null as timestamptz) as open_limit_at) from ticket_moment
    union all
    select * replace ('limit' as event_code, null as is_solved, null as cause_id) from ticket_moment
        where open_limit_at is not null
),
-- Personal texts are no matter of rules.
version as (select * exclude (description_text) from file_ticket_version join ticket_of_days using (ticket_id)),
state as (
    select version.*, complaint_before.complained_at, complaint_before.previous_complaint_seconds
    from version
    left join complaint_before
        on version.ticket_id = complaint_before.ticket_id and version.customer_id = complaint_before.customer_id
        and version.topic_code = complaint_before.topic_code and version.kind_code = 'complaint'
),
final as (
    select
        state.* exclude (ticket_number, complained_at),
        moment.counted_at,
        moment.is_ended,
        moment.open_limit_at,
        case when moment.event_code = 'answer' and not moment.is_solved and moment.is_closed_unanswered
            then moment.counted_at end
            as unsolved_reply_at,
        case when moment.event_code = 'answer' and moment.is_solved then moment.counted_at end as solved_reply_at,
        case when moment.event_code in ('reopen', 'reopen_count', 'follow_up')
            then moment.counted_at end as second_failure_at,
        case when moment.event_code = 'promise' and moment.was_suspended and not moment.is_ended
            then moment.counted_at end
            as broken_promise_at,
        case when moment.event_code = 'escalate' then moment.counted_at end as escalation_at,
        case when moment.event_code = 'state' then state.complained_at end as complained_at,
        'ticket' as subject_kind_code,
        state.ticket_id as subject_id,
        moment.cause_id as debit_cause_id,
        moment.cause_id as credit_cause_id,
        cast(null as varchar) as incident_id,
        cast(null as varchar) as repaired_contact_id,
        state.ticket_id as repaired_ticket_id
    from moment
    join state on moment.ticket_number = state.ticket_number and moment.state_at = state.version_at
)
select * from final
