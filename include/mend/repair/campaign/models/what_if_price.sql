-- model: what_if_price
-- grain: one limit that binds
-- inputs: campaign_price_value
-- order: value_of_one_more desc, value_of_one_less desc, resource_code, strategy_code, city_code
-- What is scarce, the most valuable first.
select resource_code, strategy_code, city_code, capacity, used, value_of_one_more, value_of_one_less
from campaign_price_value
where value_of_one_more > 0 or value_of_one_less > 0
