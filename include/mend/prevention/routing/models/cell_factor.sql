-- model: cell_factor
-- grain: one factor of one department, survey item and city
-- inputs: placed_grumble
-- order: department_code, survey_item_code, city_code, factor_code
-- Customers who grumbled about the factor in the month, and in the months before (once a month).
select
    department_code,
    survey_item_code,
    city_code,
    factor_code,
    count(distinct case when is_now then customer_id end) as now_count,
    count(distinct case when not is_now then (customer_id, month) end) as before_count
from placed_grumble
group by department_code, survey_item_code, city_code, factor_code
