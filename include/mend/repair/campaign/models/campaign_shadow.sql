-- model: campaign_shadow
-- grain: one candidate who is withheld from something
-- inputs: campaign_shadow_price, campaign_sampled, campaign_placed, campaign_gate_pattern
-- The strategy that they would have got: the one for which the lot fell on them, else the best at the list's prices.
with
lot as (
    select campaign_sampled.place, min(campaign_gate_pattern.strategy_number) as strategy_number
    from campaign_sampled
    join campaign_placed on campaign_sampled.place = campaign_placed.place
    join campaign_gate_pattern on campaign_placed.pattern_number = campaign_gate_pattern.pattern_number
    where campaign_gate_pattern.arm_code = 'held_out'
        and (campaign_sampled.sampled_mask >> campaign_gate_pattern.strategy_number) & 1 = 1
    group by campaign_sampled.place
),
final as (
    select place, strategy_number from lot
    union all
    select campaign_shadow_price.place, campaign_shadow_price.strategy_number
    from campaign_shadow_price
    anti join lot on campaign_shadow_price.place = lot.place
)
select * from final
