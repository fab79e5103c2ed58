-- model: snapshot_customer
-- grain: one customer
-- inputs: core_customer
-- params: month_on
-- The customers of a month's snapshot.
select * from core_customer where month_on = $month_on
