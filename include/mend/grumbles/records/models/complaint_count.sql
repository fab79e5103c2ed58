-- model: complaint_count
-- grain: one day
-- inputs: complaint
-- share: customer_id
-- How many complaints were recorded.
select complained_on, count(*) as complaints from complaint group by complained_on
