-- model: rated
-- grain: one night and open grumble
-- inputs: feature, type_rate
-- Without a model: the rate of the area as it was known on the day before, else of all; none where nothing is known.
-- So a grumble has its rate the moment it comes in.
select
    feature.day_on, feature.grumble_id, coalesce(own.rate, every.rate) as rate,
    case when every.rate is null then 'none' else 'rate' end as source_code
from feature
left join type_rate as own on own.day_on = feature.day_on - 1 and own.area_code = feature.area_code
left join type_rate as every on every.day_on = feature.day_on - 1 and every.area_code = '*'
