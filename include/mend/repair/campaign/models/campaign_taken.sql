-- model: campaign_taken
-- grain: one strategy and city
-- inputs: campaign_drawn
-- What those who were drawn take of a capacity.
select strategy_number, city_number, count(*) as seats, cast(sum(cost) as bigint) as budget
from campaign_drawn
where is_served
group by all
