-- model: campaign_experience
-- grain: one customer on the list
-- inputs: campaign_feature, campaign_row
-- fills: happened_en, happened_zh
-- What happened to them, in words that an agent can say.
with
listed as (select * from campaign_feature semi join campaign_row on campaign_feature.place = campaign_row.place),
final as (select place, {happened_en} as happened_en, {happened_zh} as happened_zh from listed)
select * from final
