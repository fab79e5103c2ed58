-- model: campaign_sampled
-- grain: one candidate who was drawn
-- inputs: campaign_feature
-- fills: sampled_mask
-- For which strategies (bit k) the lot fell on them.
with
drawn as (select place, customer_id, cast({sampled_mask} as bigint) as sampled_mask from campaign_feature),
final as (select * from drawn where sampled_mask <> 0)
select * from final
