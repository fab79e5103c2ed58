-- model: ticket_of_days
-- grain: one ticket of which something may be decided from the first day on, with a number
-- inputs: file_ticket_version, file_survey_reply, file_repair_action
-- share: customer_id
-- params: clock_from, first_day, end_day, limit_seconds, with_quiet
-- A ticket's clock may run out while nothing happens to it, so what happened within the limit before the days counts,
-- too. Most tickets are quiet: opened, then ended within the limit, and nothing else. They have none of the moments of
-- features.yaml, unless somebody answers. (`with_quiet`: a rule asks for other moments, so they are looked at, too.)
with
version as (
    select
        ticket_id, version_at, opened_at, reopened_at, suspended_at, suspended_until, promised_at, escalated_at,
        resolved_at, closed_at, least(resolved_at, closed_at) as end_at,
        kind_code is distinct from 'complaint' and is_escalated is not true
            and reopened_at is null and coalesce(reopen_count, 0) = 0
            and suspended_at is null and suspended_until is null
            and status_code is distinct from 'suspended' as is_plain,
        resolved_at is null and closed_at is null and coalesce(status_code not in ('solved', 'closed'), true)
            as is_waiting
    from file_ticket_version
),
-- What a later state names of an earlier day counts from that state on (ticket_event).
judged as (
    select
        *,
        coalesce(not is_waiting and end_at >= opened_at and end_at <= version_at, false) as is_over,
        case when end_at >= date_trunc('day', version_at) then end_at else version_at end as over_at
    from version
),
ticket as (
    select
        ticket_id,
        bool_or(
            (version_at >= cast($clock_from as timestamptz) and version_at < cast($end_day as timestamptz))
            or (opened_at >= cast($clock_from as timestamptz) and opened_at < cast($end_day as timestamptz))
            or (resolved_at >= cast($clock_from as timestamptz) and resolved_at < cast($end_day as timestamptz))
            or (closed_at >= cast($clock_from as timestamptz) and closed_at < cast($end_day as timestamptz))
            or (reopened_at >= cast($clock_from as timestamptz) and reopened_at < cast($end_day as timestamptz))
            or (suspended_at >= cast($clock_from as timestamptz) and suspended_at < cast($end_day as timestamptz))
            or (suspended_until >= cast($clock_from as timestamptz) and suspended_until < cast($end_day as timestamptz))
            or (promised_at >= cast($clock_from as timestamptz) and promised_at < cast($end_day as timestamptz))
            or (escalated_at >= cast($clock_from as timestamptz) and escalated_at < cast($end_day as timestamptz))
        ) as has_happened,
        coalesce(
            bool_and(is_plain and (is_waiting or is_over)) and min(opened_at) = max(opened_at)
            and coalesce(max(case when is_waiting then version_at end) < min(case when is_over then version_at end),
                bool_or(is_over))
            and min(case when is_over then over_at end) <= min(opened_at) + to_seconds($limit_seconds),
            false
        ) as is_quiet
    from judged
    group by ticket_id
),
happened as (select ticket_id from ticket where has_happened and ($with_quiet or not is_quiet)),
answered as (
    select about_id as ticket_id
    from file_survey_reply
    where about_kind_code = 'ticket' and is_solved is not null and replied_on >= $first_day
),
followed_up as (
    select ticket_id
    from file_repair_action
    where action_code = 'second_follow_up' and outcome_code = 'unresolved' and done_on >= $first_day
),
known as (
    select ticket_id from happened
    union select ticket_id from answered
    union select ticket_id from followed_up
),
final as (select ticket_id, row_number() over () as ticket_number from known where ticket_id is not null)
select * from final
