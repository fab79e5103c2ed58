-- model: what_if_listed
-- grain: one customer on the list
-- inputs: campaign_list
-- What they get, in words that compare.
select customer_id, string_agg(strategy_code, '+' order by strategy_code) as strategies
from campaign_list
group by customer_id
