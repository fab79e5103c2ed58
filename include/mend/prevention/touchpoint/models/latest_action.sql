-- model: latest_action
-- grain: one action
-- inputs: action_file
-- params: action_id
-- As of the latest month that knows it.
select
    max(month) as month,
    max_by(state_code, month) as state_code,
    max_by(touchpoint_code, month) as touchpoint_code,
    max_by(owner_id, month) as owner_id
from action_file
where action_id = $action_id
having count(*) > 0
