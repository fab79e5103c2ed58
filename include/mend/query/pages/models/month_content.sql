-- model: month_content
-- grain: one row of a month
-- inputs: month_row
-- params: month
-- Files are chosen by a filter, rows are not: those of the month alone.
select * from month_row where month = $month
