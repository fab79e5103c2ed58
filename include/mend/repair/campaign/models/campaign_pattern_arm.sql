-- model: campaign_pattern_arm
-- grain: one pattern
-- inputs: campaign_pattern, campaign_gate_pattern
-- params: gates
-- What a pattern comes to: owed something, offered something, withheld from something; and when no strategy lets them
-- through, the gate at which they came furthest: among the strategies that are for them, where there are any. Whoever
-- left is gated for having left then, and not because other strategies are not for them.
with
summed as (
    select
        pattern_number,
        bool_or(is_entitlement and gate_mask = 0) as is_entitled,
        bool_or(coalesce(arm_code = 'offered', false)) as is_offered,
        bool_or(coalesce(arm_code = 'held_out', false)) as is_withheld,
        bool_and(gate_mask <> 0) as is_gated,
        coalesce(max(case when gate_mask & 2 = 0 then first_gate end), max(first_gate)) as furthest_gate
    from campaign_gate_pattern
    group by pattern_number
),
final as (
    select
        summed.pattern_number,
        summed.is_entitled,
        summed.is_offered,
        summed.is_withheld,
        campaign_pattern.withheld_mask & 1 <> 0 as is_universal_hold_out,
        case when summed.is_gated then list_extract($gates, summed.furthest_gate + 1) end as first_reason_code,
        case
            when campaign_pattern.withheld_mask >> 62 & 1 = 1 then null
            when summed.is_offered then 'offered'
            when summed.is_withheld then 'held_out'
        end as arm_code
    from summed
    join campaign_pattern on summed.pattern_number = campaign_pattern.pattern_number
)
select * from final
