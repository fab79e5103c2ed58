-- model: campaign_gate
-- grain: one candidate of a campaign and one strategy
-- inputs: mart_campaign_gate, mart_campaign_gate_pattern
-- The gate ledger for people: which gates each strategy closed to whom. Bits are in the order of the gates.
with
candidate as (select * from mart_campaign_gate),
pattern as (select * from mart_campaign_gate_pattern),
gate as (
    select unnest([
        'left', 'not_in_audience', 'no_number', 'no_consent', 'opted_out', 'complaint_open', 'contact_cap',
        'in_another_list', 'over_authority'
    ]) as gate_code, unnest(range(9)) as bit
),
named as (
    select mask.gate_mask, string_agg(gate.gate_code, ', ' order by gate.bit) as gates
    from (select distinct gate_mask from pattern) as mask
    join gate on (mask.gate_mask >> gate.bit) & 1 = 1
    group by mask.gate_mask
),
final as (
    select
        candidate.month,
        candidate.version,
        candidate.customer_id,
        candidate.city_code,
        candidate.level,
        pattern.strategy_code,
        pattern.is_entitlement,
        pattern.gate_mask,
        pattern.first_gate_code,
        named.gates,
        pattern.arm_code,
        candidate.outcome_code
    from candidate
    join pattern using (month, version, pattern_number)
    left join named using (gate_mask)
)
select * from final
