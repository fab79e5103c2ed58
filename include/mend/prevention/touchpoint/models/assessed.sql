-- model: assessed
-- grain: one touchpoint in an assessed month
-- inputs: month_file
-- order: month, touchpoint_number
select * from month_file
