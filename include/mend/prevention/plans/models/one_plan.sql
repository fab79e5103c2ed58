-- model: one_plan
-- grain: the plan of an id, or none
-- inputs: plan_row
-- params: plan_id
-- What is reviewed of it.
select submitted_on, department_code, elements_present, launched_on, product_code, channel_code
from plan_row
where plan_id = $plan_id
