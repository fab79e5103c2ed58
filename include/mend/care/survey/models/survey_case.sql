-- model: survey_case
-- grain: one survey
-- inputs: repeat, survey_row
-- params: repeat_days
-- A row per survey of the month, as the funnels and the range count it. One about a callback is none of ordinary calls.
-- Repeats are watched from the matter on to the window's end, or until the follow-up answered the customer: what they
-- did after that call says nothing of how the matter was before it.
with
watched as (
    select
        *,
        case when first_answered_at is null then 86400 * $repeat_days
            else least(86400 * $repeat_days, greatest(0, epoch(first_answered_at) - epoch(happened_at)))
        end as watched_seconds
    from survey_row
),
final as (
    select
        case when trigger_code = 'callback_made' then 'callback' else purpose_code end as purpose_code, is_asked,
        state_code = 'answered' as is_answered, is_solved, score, is_reached, is_solved_after,
        first_answered_at is not null as is_followed_up,
        coalesce(reopen_count, 0) > 0 as is_not_accepted, is_closed,
        watched_seconds,
        case when epoch(repeat.repeated_at) - epoch(happened_at) <= watched_seconds
            then epoch(repeat.repeated_at) - epoch(happened_at) end as repeated_after_seconds
    from watched
    left join repeat using (survey_id)
)
select * from final
