-- model: ticket_event
-- grain: one thing that happened to a ticket: named by one of its states, an answer of the customer's, or a failed follow-up
-- inputs: ticket_of_days, file_ticket_version, file_survey_reply, file_repair_action, same_person
-- share: customer_id
-- What a state names for the first time happens then, when that is on the day of the state or the state is the ticket's
-- first. What it names of earlier days counts from the state's own moment on: earlier days are decided. What a state
-- names for later holds until the next state says otherwise. Example (ticket opened at 9:00 on the 10th):
--   state of   | names                 | events
--   10th 9:00  | promised 14th 9:00    | open 10th 9:00
--   12th 8:00  | closed 12th 8:00      | close 12th 8:00       (no promise on the 14th any more: this state has none)
--   30th 7:00  | reopened, no time     | reopen 30th 7:00
-- Each event names the state that held when it counted. One sort, and each state beside the one before it in the
-- sorted rows.
with
version as (
    select * from (
        select
            ticket_number, ticket_id, customer_id, version_at, status_code, opened_at, resolved_at, closed_at,
            reopened_at, reopen_count, suspended_at, suspended_until, promised_at, is_escalated, escalated_at,
            -- The handler's word counts where the source says nothing more exact.
            coalesce(
                is_resolved and status_code is null and resolved_at is null and closed_at is null
                    and reopened_at is null and coalesce(reopen_count, 0) = 0, false
            ) as is_said_resolved
        from file_ticket_version join ticket_of_days using (ticket_id)
        order by ticket_number, version_at
    )
),
beside as (
    select
        *,
        lag(ticket_number) over () is distinct from ticket_number as is_first,
        lag(version) over () as row_before,
        case when lead(ticket_number) over () = ticket_number then lead(version_at) over ()
            else cast('infinity' as timestamptz) end as next_version_at
    from version
),
compared as (select *, case when not is_first then row_before end as before from beside),
told as (
    select
        *,
        coalesce(reopen_count, 0) > coalesce(before.reopen_count, 0) as is_counted_again,
        -- A time is new when the state before did not name it, or named it for a time after this state.
        resolved_at is not null
            and (resolved_at is distinct from before.resolved_at or resolved_at >= version_at) as is_new_resolution,
        closed_at is not null
            and (closed_at is distinct from before.closed_at or closed_at >= version_at) as is_new_closing,
        reopened_at is not null
            and (reopened_at is distinct from before.reopened_at or reopened_at >= version_at) as is_new_reopening,
        suspended_until is not null and (
            suspended_until is distinct from before.suspended_until
            or suspended_at is distinct from before.suspended_at
            or coalesce(suspended_at >= version_at, false)
        ) as is_new_suspension,
        suspended_until is not null
            and (suspended_until is distinct from before.suspended_until or suspended_until >= version_at)
            as is_new_return,
        promised_at is not null
            and (promised_at is distinct from before.promised_at or promised_at >= version_at) as is_new_promise,
        greatest(
            case when resolved_at <= version_at then resolved_at end,
            case when closed_at <= version_at then closed_at end
        ) as last_end_at,
        coalesce(status_code = 'suspended', suspended_at is not null and suspended_until is null) as is_said_suspended,
        coalesce(before.status_code = 'suspended', before.suspended_at is not null and before.suspended_until is null)
            as was_said_suspended
    from compared
),
ended as (
    select
        *,
        is_said_resolved or coalesce(status_code in ('solved', 'closed'), false) or (
            last_end_at is not null and coalesce(last_end_at >= reopened_at, true)
            and not (is_counted_again and not is_first and not is_new_resolution and not is_new_closing)
        ) as is_ended,
        is_said_suspended or coalesce(suspended_until > version_at, false) as is_suspended
    from told
),
state as (
    select
        *,
        not is_first and not is_ended and lag(is_ended) over () and not is_new_reopening
            as is_reopened_without_time,
        not is_suspended and (was_said_suspended or coalesce(before.suspended_until > version_at, false))
            as is_back_early
    from ended
),
named as (
    select
        ticket_number, version_at, is_first, next_version_at,
        unnest(cast([
            case when is_first then {'code': 'open', 'happened_at': opened_at} end,
            {'code': 'state', 'happened_at': case when is_first then least(opened_at, version_at) else version_at end},
            case when is_new_resolution then {'code': 'end', 'happened_at': resolved_at} end,
            case when is_new_closing then {'code': 'close', 'happened_at': closed_at} end,
            case
                when closed_at is null and status_code = 'closed' and before.status_code is distinct from 'closed'
                    then {'code': 'close', 'happened_at': version_at}
            end,
            case
                when closed_at is null and resolved_at is null and status_code = 'solved'
                    and before.status_code is distinct from 'solved' then {'code': 'end', 'happened_at': version_at}
            end,
            case
                when is_said_resolved and before.is_said_resolved is distinct from true
                    then {'code': 'end', 'happened_at': version_at}
            end,
            case when is_new_reopening then {'code': 'reopen', 'happened_at': reopened_at} end,
            case when is_reopened_without_time then {'code': 'reopen', 'happened_at': version_at} end,
            -- Reopened at a time that nobody names, and ended again or never seen ended: the clock knows nothing of it.
            case
                when is_counted_again and not is_reopened_without_time and not is_new_reopening
                    then {'code': 'reopen_count', 'happened_at': version_at}
            end,
            case
                -- One that is over when it begins stops no clock.
                when is_new_suspension and suspended_until <= coalesce(suspended_at, opened_at)
                    then {'code': 'suspended_over', 'happened_at': coalesce(suspended_at, opened_at)}
                when is_new_suspension
                    then {'code': 'suspend', 'happened_at': coalesce(suspended_at, opened_at)}
            end,
            case
                when is_said_suspended and suspended_until is null and not was_said_suspended
                    then {'code': 'suspend', 'happened_at': coalesce(suspended_at, version_at)}
            end,
            case
                when is_said_suspended and suspended_until <= version_at
                    then {'code': 'suspend', 'happened_at': version_at}
            end,
            case when is_new_return then {'code': 'return', 'happened_at': suspended_until} end,
            case when is_back_early then {'code': 'return', 'happened_at': version_at} end,
            case when is_new_promise then {'code': 'promise', 'happened_at': promised_at} end,
            case
                when is_escalated and before.is_escalated is distinct from true
                    then {'code': 'escalate', 'happened_at': coalesce(escalated_at, version_at)}
                when is_escalated then {'code': 'escalate', 'happened_at': version_at}
            end
        ] as struct(code varchar, happened_at timestamptz)[])) as event
    from state
),
of_state as (
    select
        ticket_number, version_at as state_at, event.code as event_code, event.happened_at,
        case
            when is_first or event.happened_at >= date_trunc('day', version_at) then event.happened_at else version_at
        end as counted_at,
        cast(null as boolean) as is_solved,
        cast(null as varchar) as cause_id
    from named
    where event.happened_at is not null and (event.happened_at < next_version_at or event.code = 'state')
),
said as (
    select
        about_id as ticket_id, 'answer' as event_code, replied_at as happened_at, replied_on as happened_on, is_solved,
        survey_id as cause_id, customer_id
    from file_survey_reply
    where about_kind_code = 'ticket' and is_solved is not null
),
failed as (
    select
        ticket_id, 'follow_up' as event_code, done_at as happened_at, done_on as happened_on,
        repair_id as cause_id, customer_id
    from file_repair_action
    where action_code = 'second_follow_up' and outcome_code = 'unresolved'
),
heard as (
    select * from said
    union all by name select * from failed
),
-- Only what concerns the customer whose ticket it was then: an answer of somebody else, or of nobody, says nothing of
-- it. Nor does what is dated before the day of its opening: on that day nobody knew it.
owner as (
    select
        ticket_number, ticket_id, customer_id, is_first, version_at, next_version_at,
        cast(opened_at as date) as opened_on
    from state
),
of_owner as (
    select distinct
        owner.ticket_number, owner.version_at as state_at,
        heard.* exclude (ticket_id, customer_id, happened_on), heard.happened_at as counted_at
    from heard
    join owner
        on heard.ticket_id = owner.ticket_id and heard.happened_at < owner.next_version_at
        and heard.happened_on >= owner.opened_on
        and (owner.is_first or heard.happened_at >= owner.version_at)
    left join same_person
        on heard.customer_id = same_person.customer_id and owner.customer_id = same_person.other_id
        and heard.happened_on between same_person.first_on and same_person.last_on
    where heard.customer_id = owner.customer_id or same_person.other_id is not null
),
final as (
    select * from of_state
    union all by name select * from of_owner
)
select * from final
