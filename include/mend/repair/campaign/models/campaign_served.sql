-- model: campaign_served
-- grain: one capacity and city
-- inputs: campaign_entitled
-- How many seats entitlements take of a capacity.
select pool_number, city_number, count(*) as seats from campaign_entitled where not is_overload group by all
