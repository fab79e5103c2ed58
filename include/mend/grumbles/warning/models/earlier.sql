-- model: earlier
-- grain: one night and customer on its list
-- inputs: list_before, made_day, made_list
-- The lists as they are by now: those that this run made, and of other nights those on record.
select day_on, customer_id, department_code, owner_id, first_warned_on
from list_before
where day_on not in (select day from made_day)
union all
select day_on, customer_id, department_code, owner_id, first_warned_on from made_list
