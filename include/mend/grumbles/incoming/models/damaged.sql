-- model: damaged
-- grain: one customer with damage in the last months
-- inputs: damage_month
-- Whose matters stay in sight, also when nothing happened of late.
select distinct customer_id from damage_month
