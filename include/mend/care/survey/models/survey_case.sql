-- model: survey_case
-- grain: one survey
-- inputs: repeat, survey_row
-- A row per survey of the month, as the funnels and the range count it. One about a callback is none of ordinary calls.
select
    case when trigger_code = 'callback_made' then 'callback' else purpose_code end as purpose_code, is_asked,
    state_code = 'answered' as is_answered, is_solved, score, is_reached, is_solved_after,
    is_followed_up,
    coalesce(reopen_count, 0) > 0 as is_not_accepted, is_closed, repeat.survey_id is not null as is_repeated
from survey_row
left join repeat using (survey_id)
