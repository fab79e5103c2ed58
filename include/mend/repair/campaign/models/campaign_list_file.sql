-- model: campaign_list_file
-- grain: one row of the list
-- inputs: campaign_list
-- params: month, version
-- order: strategy_code, city_code, rank
-- As a version's partition.
select $month as month, $version as version, campaign_list.* from campaign_list
