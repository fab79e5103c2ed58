-- model: campaign_gate_pattern_file
-- grain: one pattern and strategy
-- inputs: campaign_gate_pattern
-- params: month, version
-- order: pattern_number, strategy_code
-- As a version's partition.
select $month as month, $version as version, campaign_gate_pattern.* from campaign_gate_pattern
