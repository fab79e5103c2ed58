-- model: registered_model
-- grain: one version of a complaint model: a month and a horizon
-- inputs: registered
-- share: whole
-- params: month
-- All versions up to the month, the oldest first.
select *
from registered
where month <= $month
order by horizon_days, month
