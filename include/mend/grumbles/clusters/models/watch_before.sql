-- model: watch_before
-- grain: one watched customer
-- inputs: watch_file
-- params: month
-- Figures and labels of the customers watched in the month before.
select * from watch_file where month = $month
