-- model: snapshot
-- grain: one customer on the list
-- inputs: snapshot_file, warning_row
-- A few thousand of millions of customers, for all departments at once.
select customer_id, phone_number from snapshot_file semi join warning_row using (customer_id)
