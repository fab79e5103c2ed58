-- model: compared
-- grain: one customer in one comparison: strategy and estimand
-- inputs: outcome_file, gate_file, pattern_file
-- share: customer_id
-- params: month, version
-- Who is compared with whom. Nobody is left out for not having been reached.
-- itt of a strategy: everybody whom its gates let through, offered against its own arm of held-out customers. Those of
-- the universal arm are in neither: they get no other care either.
-- itt of "all": everybody whom the gates of any strategy let through, against the universal arm.
-- listed: those on the list against the held-out customers who would have been, at the same prices.
-- What a customer is owed has no hold-out, and no effect is claimed for it.
with
gate as (select * from gate_file where month = $month and version = $version),
pattern as (select * from pattern_file where month = $month and version = $version and not is_entitlement),
outcome as (select * from outcome_file where month = $month and version = $version),
owed as (
    select distinct strategy_code
    from pattern_file
    where month = $month and version = $version and is_entitlement
),
offered as (
    select
        pattern.strategy_code,
        'itt' as estimand_code,
        gate.customer_id,
        pattern.arm_code = 'offered' as is_treated
    from gate
    join pattern on gate.pattern_number = pattern.pattern_number
    where pattern.arm_code is not null and not gate.is_universal_hold_out
),
programme as (
    select
        'all' as strategy_code,
        'itt' as estimand_code,
        customer_id,
        not is_universal_hold_out as is_treated
    from gate
    where arm_code is not null
),
listed_row as (
    select customer_id, strategy_code, list_arm_code = 'listed' as is_treated
    from outcome
    anti join owed on outcome.strategy_code = owed.strategy_code
    where strategy_code is not null and (list_arm_code = 'listed' or (list_arm_code = 'held_out' and is_shadow))
),
listed as (
    select strategy_code, 'listed' as estimand_code, customer_id, is_treated
    from listed_row
    union
    select 'all' as strategy_code, 'listed' as estimand_code, customer_id, is_treated
    from listed_row
),
together as (from offered union all by name from programme union all by name from listed),
final as (select *, $month as month from together)
select * from final
