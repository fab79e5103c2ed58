-- model: figure_of_month
-- grain: one group of plans in a month
-- inputs: figure_row
-- The month's figures as they stand.
select * from figure_row
