-- model: candidate_row
-- grain: one candidate of the version
-- inputs: campaign_gate
-- params: month, version
-- The candidates of one version with what came of them.
with final as (select * from campaign_gate where month = $month and version = $version)
select * from final
