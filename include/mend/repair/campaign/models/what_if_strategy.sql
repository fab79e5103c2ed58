-- model: what_if_strategy
-- grain: one strategy on the list
-- inputs: campaign_list
-- order: strategy_code
-- Customers and yuan.
select strategy_code, count(*) as customer_count, cast(sum(cost) as bigint) as cost
from campaign_list
group by strategy_code
