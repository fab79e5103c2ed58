-- model: ticket_of_days
-- grain: one ticket of which something may be decided from the first day on
-- inputs: file_ticket_version, file_survey_reply, file_repair_action
-- share: customer_id
-- params: clock_from, first_day, end_day
-- A ticket's clock may run out while nothing happens to it, so what happened within the limit before the days counts,
-- too.
with
happened as (
    select ticket_id
    from file_ticket_version
    where (version_at >= cast($clock_from as timestamptz) and version_at < cast($end_day as timestamptz))
        or (opened_at >= cast($clock_from as timestamptz) and opened_at < cast($end_day as timestamptz))
        or (resolved_at >= cast($clock_from as timestamptz) and resolved_at < cast($end_day as timestamptz))
        or (closed_at >= cast($clock_from as timestamptz) and closed_at < cast($end_day as timestamptz))
        or (reopened_at >= cast($clock_from as timestamptz) and reopened_at < cast($end_day as timestamptz))
        or (suspended_at >= cast($clock_from as timestamptz) and suspended_at < cast($end_day as timestamptz))
        or (suspended_until >= cast($clock_from as timestamptz) and suspended_until < cast($end_day as timestamptz))
        or (promised_at >= cast($clock_from as timestamptz) and promised_at < cast($end_day as timestamptz))
        or (escalated_at >= cast($clock_from as timestamptz) and escalated_at < cast($end_day as timestamptz))
),
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
final as (select ticket_id from known where ticket_id is not null)
select * from final
