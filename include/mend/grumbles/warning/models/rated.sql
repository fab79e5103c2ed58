-- model: rated
-- grain: one night and open grumble
-- inputs: feature, type_rate
-- Without a model: the night's rate of the area, else of all; none where nothing is known.
select
    feature.day_on, feature.grumble_id, coalesce(own.rate, every.rate) as rate,
    case when every.rate is null then 'none' else 'rate' end as source_code
from feature
left join type_rate as own on own.day_on = feature.day_on and own.area_code = feature.area_code
left join type_rate as every on every.day_on = feature.day_on and every.area_code = '*'
