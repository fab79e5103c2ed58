-- model: recorded_count
-- grain: one day and what the type rests on
-- inputs: grumble
-- share: customer_id
-- How many grumbles were recorded, and how many of them are open.
select grumbled_on, classified_by_code, count(*) as grumbles, count(case when solved_at is null then 1 end)
    as open_grumbles
from grumble
group by all
