-- model: list_row
-- grain: one customer and strategy of the list
-- inputs: campaign_list
-- params: month, version
-- The rows of one version; its files hold those of neighbours, too.
with final as (select * from campaign_list where month = $month and version = $version)
select * from final
