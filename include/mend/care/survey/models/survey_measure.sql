-- model: survey_measure
-- grain: one measure of a month
-- inputs: booking_case, follow_up_row, repeat_rate, survey_case, suspended_case
-- params: month
-- Solved as a range, and promises kept. The silent ones' share of unsolved cases is told from their repeat contacts:
-- they are between those of customers who said solved and those who said unsolved (r = u · r_unsolved + (1 - u) ·
-- r_solved), all before any follow-up (repeat_rate). Where those two hardly differ, or few answered, repeat contacts of
-- the silent are taken as they are.
with
counted as (
    select
        purpose_code as measure_code,
        count(*) as asked,
        count(*) filter (where is_answered and is_solved is not null) as answered,
        count(*) filter (where is_solved = false) as unsolved,
        count(*) filter (where not is_answered) as silent
    from survey_case
    where is_asked and purpose_code in ('complex_question', 'second_follow_up')
    group by purpose_code
),
estimated as (
    select
        *,
        coalesce(answered - unsolved >= 30 and unsolved >= 30 and unsolved_share - solved_share >= 0.02, false)
            as is_calibrated
    from counted
    left join repeat_rate using (measure_code)
),
ranged as (
    select
        *,
        case
            when silent = 0 then 0
            when is_calibrated
                then greatest(0, least(1, (silent_share - solved_share) / (unsolved_share - solved_share)))
            else silent_repeat_share
        end as silent_unsolved
    from estimated
),
promise as (
    select
        measure_code, count(*) as promised, count(*) filter (where is_promise_kept) as kept,
        count(*) filter (where first_answered_at is null) as open_past_limit
    from follow_up_row
    group by measure_code
    union all
    select 'booking', count(*), count(*) filter (where is_reached_in_time), count(*) filter (where is_not_called_back)
        from booking_case
    union all
    select 'suspended_complaint', count(*), count(*) filter (where is_kept),
    count(*) filter (where not is_kept and is_open) from suspended_case
),
asked as (
    select measure_code, asked as case_count from counted
    union all
    select 'booking', count(*) from booking_case
    union all
    select 'suspended_complaint', count(*) from suspended_case
    union all
    select purpose_code, count(*) from survey_case where is_asked and purpose_code in ('hang_up', 'resurvey')
        group by purpose_code
),
final as (
    select
        $month as month,
        asked.measure_code,
        asked.case_count,
        ranged.answered as answered_count,
        ranged.unsolved as unsolved_count,
        round((answered - unsolved) / nullif(ranged.asked, 0), 6) as solved_floor_share,
        round((answered - unsolved) / nullif(answered, 0), 6) as solved_worst_share,
        round((answered - unsolved + silent * (1 - silent_unsolved)) / nullif(ranged.asked, 0),
            6) as solved_estimate_share,
        round((ranged.asked - unsolved) / nullif(ranged.asked, 0), 6) as solved_best_share,
        round(silent_unsolved, 6) as silent_unsolved_share,
        case
            when silent_unsolved is null then null
            when silent = 0 then 'nobody was silent'
            when is_calibrated then format(
                'repeat contacts: silent {:.4f}, solved {:.4f}, unsolved {:.4f}; within {:.1f} h and before any '
                'follow-up', silent_share, solved_share, unsolved_share, horizon_seconds / 3600
            )
            else format('repeat contacts of the silent as they are: {:.4f}', silent_repeat_share)
        end as estimate_basis,
        promise.promised as promised_count,
        promise.kept as kept_count,
        round(promise.kept / nullif(promise.promised, 0), 6) as kept_share,
        promise.open_past_limit as open_past_limit_count
    from asked
    left join ranged using (measure_code)
    left join promise using (measure_code)
    order by asked.measure_code
)
select * from final
