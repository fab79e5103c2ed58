-- model: why_row
-- grain: one row of the list that a customer has
-- inputs: row_file
-- params: month, version, customer_id
-- order: strategy_code
-- Their rows.
select * from row_file where month = $month and version = $version and customer_id = $customer_id
