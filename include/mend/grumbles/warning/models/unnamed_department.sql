-- model: unnamed_department
-- grain: one department, night and customer
-- inputs: graded_night
-- Whose department has open grumbles on each night.
select distinct department_code, day_on, customer_id from graded_night order by all
