-- model: repeat_rate
-- grain: one measure
-- inputs: survey_case
-- Shares of the silent, of those who said solved and of those who said unsolved who called again, all three within the
-- same time: as long as at least 30 of the unsolved were left without a follow-up. Kaplan and Meier, since a follow-up
-- ends the watch at another moment for each. `silent_repeat_share` is that of the silent over the whole window.
-- Example: 60 unsolved, 30 of them called after 2 h, 30 after 5 h: repeats within 5 h are compared.
with
asked as (
    select
        purpose_code as measure_code,
        case when not is_answered then 'silent' when is_solved then 'solved' when is_solved = false
            then 'unsolved' end as said,
        watched_seconds,
        repeated_after_seconds,
        coalesce(repeated_after_seconds, watched_seconds) as seen_seconds
    from survey_case
    where is_asked and purpose_code in ('complex_question', 'second_follow_up')
),
placed as (
    select
        measure_code, watched_seconds,
        row_number() over (partition by measure_code order by watched_seconds desc) as place
    from asked
    where said = 'unsolved'
),
horizon as (
    select measure_code, watched_seconds as horizon_seconds from placed where place = 30
),
moment as (
    select
        asked.measure_code, said, seen_seconds,
        count(repeated_after_seconds) as repeats,
        count(*) as ended
    from asked
    group by asked.measure_code, said, seen_seconds
),
-- Of those who were still watched at each moment, which share called again in it.
at_risk as (
    select
        *,
        sum(ended) over (
            partition by measure_code, said
            order by seen_seconds desc
            rows between unbounded preceding and current row
        ) as watched
    from moment
),
rate as (
    select
        at_risk.measure_code,
        1 - product(1 - repeats / watched order by seen_seconds) filter (where said = 'silent'
            and seen_seconds <= horizon_seconds)
            as silent_share,
        1 - product(1 - repeats / watched order by seen_seconds) filter (where said = 'solved'
            and seen_seconds <= horizon_seconds)
            as solved_share,
        1 - product(1 - repeats / watched order by seen_seconds) filter (where said = 'unsolved'
            and seen_seconds <= horizon_seconds)
            as unsolved_share,
        1 - product(1 - repeats / watched order by seen_seconds) filter (where said = 'silent') as silent_repeat_share,
        any_value(horizon_seconds) as horizon_seconds
    from at_risk
    left join horizon using (measure_code)
    group by at_risk.measure_code
),
final as (
    select
        measure_code,
        case when horizon_seconds is not null then coalesce(silent_share, 0) end as silent_share,
        case when horizon_seconds is not null then coalesce(solved_share, 0) end as solved_share,
        case when horizon_seconds is not null then coalesce(unsolved_share, 0) end as unsolved_share,
        silent_repeat_share,
        horizon_seconds
    from rate
)
select * from final
