-- model: listed_action
-- grain: one action in a month
-- inputs: action_file
-- order: month, action_id
select * from action_file
