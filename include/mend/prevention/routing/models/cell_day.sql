-- model: cell_day
-- grain: one department, survey item and city on one day
-- inputs: placed_grumble
-- order: department_code, survey_item_code, city_code, day_on
-- Customers who grumbled about it on the day: a bad day is one bad day, however many it reaches.
select department_code, survey_item_code, city_code, day_on, count(distinct customer_id) as customer_count
from placed_grumble
group by department_code, survey_item_code, city_code, day_on
