-- model: influence
-- grain: one cluster and grumble type
-- inputs: association
-- params: month, window_days
-- The influence of each grumble type on complaints of any kind, as the night's features have it: none where it is not
-- significant.
select cluster_code, grumble_type_code, case when is_significant then coefficient else 0 end as coefficient, is_key
from association
where month = $month and window_days = $window_days and complaint_type_code = 'any' and coefficient is not null
order by cluster_code, grumble_type_code
