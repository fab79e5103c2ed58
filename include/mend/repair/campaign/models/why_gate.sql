-- model: why_gate
-- grain: one candidate of a version, if they are one
-- inputs: gate_file
-- params: month, version, customer_id
-- What came of a customer.
select * from gate_file where month = $month and version = $version and customer_id = $customer_id
