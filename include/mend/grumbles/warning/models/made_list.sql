-- model: made_list
-- grain: one customer on the night's list
-- inputs: listed
-- params: day
-- What later nights take from a list.
select day_on, customer_id, department_code, owner_id, first_warned_on from listed where day_on = $day
