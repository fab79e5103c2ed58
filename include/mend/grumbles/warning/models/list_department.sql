-- model: list_department
-- grain: one department
-- inputs: warning_row
-- Departments that have a list.
select distinct department_code from warning_row order by department_code
