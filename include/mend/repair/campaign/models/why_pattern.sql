-- model: why_pattern
-- grain: one strategy
-- inputs: gate_file, pattern_file
-- params: month, version, customer_id
-- order: is_entitlement desc, strategy_code
-- Every gate that a customer failed, strategy by strategy.
select pattern_file.*
from pattern_file
join gate_file on pattern_file.pattern_number = gate_file.pattern_number
where gate_file.month = $month and gate_file.version = $version and gate_file.customer_id = $customer_id
    and pattern_file.month = $month and pattern_file.version = $version
