-- model: campaign_case
-- grain: one candidate and one strategy
-- inputs: campaign_placed, campaign_gate_pattern, campaign_worth, campaign_strategy, campaign_price_level
-- What the strategy's gates say of the candidate, what it would cost, and the benefit that is expected of it, in
-- hundredths of a point of damage, with its 95 % interval. A view: whoever asks takes what they need of it.
with
combined as (
    select
        campaign_placed.place,
        campaign_placed.pattern_number,
        campaign_gate_pattern.strategy_number,
        campaign_gate_pattern.is_entitlement,
        campaign_gate_pattern.gate_mask,
        campaign_gate_pattern.arm_code,
        campaign_strategy.pool_number,
        campaign_strategy.sample_share,
        campaign_strategy.probability,
        campaign_strategy.probability_low,
        campaign_strategy.probability_high,
        campaign_strategy.most_benefit,
        campaign_worth.city_number,
        campaign_price_level.cost,
        campaign_price_level.amount,
        100 * (
            (1 - campaign_strategy.worst_first_weight) * least(campaign_worth.harm, campaign_strategy.lift_points)
                * campaign_worth.urgency
            + campaign_strategy.worst_first_weight * campaign_worth.harm
        ) as full_benefit
    from campaign_placed
    join campaign_gate_pattern on campaign_placed.pattern_number = campaign_gate_pattern.pattern_number
    join campaign_strategy on campaign_gate_pattern.strategy_number = campaign_strategy.strategy_number
    join campaign_worth on campaign_placed.place = campaign_worth.place
    join campaign_price_level
        on campaign_gate_pattern.strategy_number = campaign_price_level.strategy_number
            and campaign_worth.level = campaign_price_level.level
),
final as (
    select
        * exclude (probability, probability_low, probability_high, most_benefit, full_benefit),
        cast(least(most_benefit, greatest(0, round(probability * full_benefit))) as integer) as benefit,
        cast(least(most_benefit, round(probability_low * full_benefit)) as integer) as benefit_low,
        cast(least(most_benefit, round(probability_high * full_benefit)) as integer) as benefit_high
    from combined
)
select * from final
