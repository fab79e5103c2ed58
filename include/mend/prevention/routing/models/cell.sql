-- model: cell
-- grain: one department, survey item and city
-- inputs: customer_cell
-- order: department_code, survey_item_code, city_code
-- Sums over customers, and of squares and products: customers who grumble in many months are no independent draws.
select
    department_code,
    survey_item_code,
    city_code,
    cast(sum(now_count) as bigint) as now_count,
    cast(sum(before_count) as bigint) as before_count,
    cast(sum(now_count * now_count) as bigint) as now_now,
    cast(sum(now_count * before_count) as bigint) as now_before,
    cast(sum(before_count * before_count) as bigint) as before_before
from customer_cell
group by department_code, survey_item_code, city_code
