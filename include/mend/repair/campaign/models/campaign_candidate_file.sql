-- model: campaign_candidate_file
-- grain: one candidate
-- inputs: campaign_candidate
-- params: month, version
-- order: place
-- As a version's partition, worst first.
select $month as month, $version as version, campaign_candidate.* from campaign_candidate
