-- model: index_pair
-- grain: one survey item, month and city
-- inputs: index_month
-- Index of one half of the customers and satisfaction of the other, of each matched item that has both. Months before
-- the halves were kept have none.
select survey_item_code, city_code, first_half_index, second_half_satisfaction
from index_month
where city_code not in ('all', 'unknown') and match_code = 'matched' and first_half_index is not null
    and second_half_satisfaction is not null
order by survey_item_code, month, city_code
