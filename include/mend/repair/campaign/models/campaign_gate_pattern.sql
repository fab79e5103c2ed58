-- model: campaign_gate_pattern
-- grain: one pattern and strategy
-- inputs: campaign_pattern, campaign_strategy
-- params: gates
-- Every gate that was failed, as bits in the order of the gates: left 0, not in the audience 1, no number 2, no consent
-- 3, opted out 4, complaint open 5, contact cap 6, in another list 7, over authority 8. What a customer is owed is
-- asked the first two alone. Whether they are held out is no gate but an arm.
--   entitlement | opted out | complaint open | gate_mask
--   true        | yes       | yes            | 0
--   false       | yes       | yes, marketing | 48
with
asked as (
    select
        campaign_pattern.*,
        campaign_strategy.*,
        (campaign_pattern.fact_mask & 1)
            | (2 - 2 * ((campaign_pattern.audience_mask >> campaign_strategy.strategy_number) & 1)) as owed_mask,
        ((campaign_pattern.contact_mask >> (16 * campaign_strategy.contact_kind)) & campaign_strategy.contact_gates)
            | case
                when campaign_strategy.is_muted_by_complaint then 32 * ((campaign_pattern.fact_mask >> 1) & 1)
                else 0
            end
            | (64 * ((campaign_pattern.capped_mask >> campaign_strategy.strategy_number) & 1))
            | case
                when campaign_strategy.is_message
                    then 64 * ((campaign_pattern.contact_mask >> (16 * campaign_strategy.contact_kind + 9)) & 1)
                else 0
            end
            | (128 * ((campaign_pattern.earlier_mask >> campaign_strategy.strategy_number) & 1))
            | (256 * ((campaign_strategy.over_authority_levels >> campaign_pattern.level) & 1)) as discretion_mask
    from campaign_pattern
    cross join campaign_strategy
),
gated as (
    select *, case when is_entitlement then owed_mask else owed_mask | discretion_mask end as gate_mask from asked
),
final as (
    select
        pattern_number,
        strategy_number,
        strategy_code,
        is_entitlement,
        gate_mask,
        case when gate_mask <> 0 then cast(bit_count((gate_mask & -gate_mask) - 1) as integer) end as first_gate,
        case when gate_mask <> 0 then list_extract($gates, bit_count((gate_mask & -gate_mask) - 1) + 1)
            end as first_gate_code,
        case
            when gate_mask <> 0 or is_entitlement then null
            when withheld_mask & (1 + (cast(1 as bigint) << (strategy_number + 1))) <> 0 then 'held_out'
            else 'offered'
        end as arm_code
    from gated
)
select * from final
