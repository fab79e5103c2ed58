-- model: campaign_gate_file
-- grain: one candidate
-- inputs: campaign_gate
-- params: month, version
-- order: place
-- As a version's partition, worst first.
select $month as month, $version as version, campaign_gate.* from campaign_gate
