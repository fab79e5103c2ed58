-- model: share_count
-- grain: the share
-- inputs: population, grumble_day, complaint_row
-- share: customer_id
-- How many customers, grumble days and complaints of the month a share holds.
select
    (select count(*) from population) as customers,
    (select count(*) from grumble_day where day >= 0) as grumble_days,
    (select count(*) from complaint_row where complaint_no = 0 and day >= 0) as complaints
