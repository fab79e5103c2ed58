-- model: cluster_before
-- grain: one customer
-- inputs: cluster_file
-- params: month
-- Labels of the month before, which this month's records cannot have shaped. Months of earlier versions had no
-- consumption, and other meanings: they claim nothing.
select customer_id, consumption_code, behaviour_code
from cluster_file
where month = $month and consumption_code is not null
