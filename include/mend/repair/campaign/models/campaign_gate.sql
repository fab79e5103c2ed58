-- model: campaign_gate
-- grain: one candidate
-- inputs: campaign_candidate, campaign_placed, campaign_pattern_arm, campaign_chosen, campaign_shadow, campaign_strategy
-- Each candidate with exactly one outcome.
with
named as (
    select campaign_shadow.place, campaign_strategy.strategy_code
    from campaign_shadow
    join campaign_strategy on campaign_shadow.strategy_number = campaign_strategy.strategy_number
),
final as (
    select
        campaign_candidate.place,
        campaign_candidate.customer_id,
        campaign_candidate.city_code,
        campaign_candidate.level,
        campaign_candidate.score,
        campaign_candidate.segment_code,
        campaign_candidate.is_explicit,
        campaign_candidate.value_code,
        campaign_candidate.age_band_code,
        campaign_candidate.gender_code,
        case
            when campaign_pattern_arm.is_entitled or campaign_chosen.place is not null then 'listed'
            when campaign_pattern_arm.is_offered then 'deferred'
            when campaign_pattern_arm.is_withheld then 'held_out'
            else 'gated'
        end as outcome_code,
        campaign_pattern_arm.first_reason_code,
        campaign_pattern_arm.arm_code,
        campaign_pattern_arm.is_universal_hold_out,
        named.strategy_code as shadow_strategy_code,
        campaign_placed.pattern_number
    from campaign_candidate
    join campaign_placed on campaign_candidate.place = campaign_placed.place
    join campaign_pattern_arm on campaign_placed.pattern_number = campaign_pattern_arm.pattern_number
    left join campaign_chosen on campaign_candidate.place = campaign_chosen.place
    left join named on campaign_candidate.place = named.place
)
select * from final
