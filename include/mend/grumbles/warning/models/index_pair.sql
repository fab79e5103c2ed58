-- model: index_pair
-- grain: one survey item, month and city
-- inputs: index_month
-- Index and satisfaction of each matched item that has both.
select survey_item_code, grumble_index, satisfaction
from index_month
where city_code <> 'all' and match_code = 'matched' and grumble_index is not null and satisfaction is not null
order by survey_item_code, month, city_code
