-- model: callback_count
-- grain: one month
-- inputs: booking_case, core_contact, survey_row
-- params: after, first
-- Bookings beside calls, and what customers say of callbacks beside ordinary calls. Satisfied is 7 to 10 of 10: all
-- that is not poor.
with
call as (
    select count(*) as call_count
    from core_contact
    where direction_code = 'inbound' and touchpoint_code = 'hotline' and started_at >= $first and started_at < $after
),
booking as (
    select count(*) as booked_count, count(*) filter (where is_reached_in_time) as reached_count from booking_case
),
survey as (
    select trigger_code = 'callback_made' as is_callback, state_code = 'answered' and score is not null as is_rated,
    score
    from survey_row
    where is_asked and (trigger_code = 'callback_made' or purpose_code = 'hang_up')
),
counted as (
    select
        count(*) filter (where is_callback) as callback_asked_count,
        count(*) filter (where is_callback and is_rated) as callback_answered_count,
        count(*) filter (where is_callback and is_rated and score >= 7) as callback_satisfied_count,
        count(*) filter (where not is_callback) as ordinary_asked_count,
        count(*) filter (where not is_callback and is_rated) as ordinary_answered_count,
        count(*) filter (where not is_callback and is_rated and score >= 7) as ordinary_satisfied_count
    from survey
),
final as (select * from call cross join booking cross join counted)
select * from final
