-- model: campaign_sampled
-- grain: one candidate who took part in a draw
-- inputs: campaign_feature, campaign_base
-- fills: sampled_mask
-- Of which strategies (bit k) they are there by lot alone: these carry the probability of the draw.
with
drawn as (
    select place, cast({sampled_mask} as bigint) as sampled_mask from campaign_feature
),
final as (select drawn.* from drawn semi join campaign_base on drawn.place = campaign_base.place where sampled_mask <> 0)
select * from final
