-- model: customer_cell
-- grain: one customer at one department, survey item and city
-- inputs: placed_grumble
-- Whether the customer grumbled about it in the month (now_count 0 or 1), and in how many months before. Who grumbles
-- three times in a month counts once.
select
    department_code,
    survey_item_code,
    city_code,
    customer_id,
    cast(max(case when is_now then 1 else 0 end) as bigint) as now_count,
    count(distinct case when not is_now then month end) as before_count
from placed_grumble
group by department_code, survey_item_code, city_code, customer_id
