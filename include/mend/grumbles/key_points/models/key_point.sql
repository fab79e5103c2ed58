-- model: key_point
-- grain: one cluster and key grumble point
-- inputs: association
-- params: month, window_days
-- The key grumble points of a month, everybody's first, by rank.
select
    cluster_code, grumble_type_code, rank, coefficient, coefficient_low, coefficient_high, previous_rank,
    previous_coefficient
from association
where month = $month and window_days = $window_days and complaint_type_code = 'any' and is_key
order by cluster_code <> 'all', cluster_code, rank, grumble_type_code
