-- model: campaign_pair
-- grain: one candidate and a discretionary strategy that lets them through
-- inputs: campaign_placed, campaign_gate_pattern, campaign_pattern_arm, campaign_worth, campaign_strategy, campaign_price_level, campaign_drawn
-- params: worst_first_weight, most_benefit, is_shadow
-- order: place, strategy_number
-- The expected benefit in hundredths of a point of damage, and the cost. A shadow is of those who are withheld from
-- something, over all that lets them through.
select
    campaign_placed.place,
    campaign_gate_pattern.strategy_number,
    campaign_worth.city_number,
    cast(least($most_benefit, greatest(0, round(100 * campaign_strategy.probability * (
        (1 - $worst_first_weight) * least(campaign_worth.harm, campaign_strategy.lift_points) * campaign_worth.urgency
        + $worst_first_weight * campaign_worth.harm
    )))) as integer) as benefit,
    cast(campaign_price_level.cost as integer) as cost
from campaign_placed
join campaign_pattern_arm on campaign_placed.pattern_number = campaign_pattern_arm.pattern_number
join campaign_gate_pattern on campaign_placed.pattern_number = campaign_gate_pattern.pattern_number
join campaign_strategy on campaign_gate_pattern.strategy_number = campaign_strategy.strategy_number
join campaign_worth on campaign_placed.place = campaign_worth.place
join campaign_price_level
    on campaign_gate_pattern.strategy_number = campaign_price_level.strategy_number
        and campaign_worth.level = campaign_price_level.level
left join campaign_drawn on campaign_placed.place = campaign_drawn.place and campaign_drawn.is_served
where case
    when $is_shadow then campaign_pattern_arm.is_withheld and campaign_gate_pattern.arm_code is not null
    else campaign_gate_pattern.arm_code = 'offered' and campaign_drawn.place is null
end
