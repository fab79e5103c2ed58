-- model: campaign_price_file
-- grain: one limit
-- inputs: campaign_price_value
-- params: month, version
-- order: resource_code, strategy_code, city_code
-- As a version's partition.
select $month as month, $version as version, campaign_price_value.* from campaign_price_value
