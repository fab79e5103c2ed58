-- model: list_key
-- grain: one customer on the night's list
-- inputs: listed
-- params: day
-- What the digest of a list is made of.
select concat_ws('|', customer_id, department_code, owner_id, first_warned_on) as list_key from listed
    where day_on = $day order by list_key
