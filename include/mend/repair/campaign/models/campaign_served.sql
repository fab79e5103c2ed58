-- model: campaign_served
-- grain: one pool and city
-- inputs: campaign_entitled
-- What entitlements take of a capacity.
select pool_number, city_number, count(*) as seats, cast(sum(cost) as bigint) as budget
from campaign_entitled
where not is_overload
group by all
