-- model: listed_count
-- grain: the nights
-- inputs: listed
-- Customers on the lists, and the new ones among them.
select count(*) as customers, count(case when is_new then 1 end) as new_customers from listed
