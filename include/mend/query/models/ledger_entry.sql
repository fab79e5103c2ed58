-- model: ledger_entry
-- grain: one ledger entry, with what follows from its other columns
-- inputs: mart_damage_ledger, mart_indicator
-- The ledger for people: the entry's id, the stage and words of its rule, and whether the customer said so.
with
entry as (select * from mart_damage_ledger),
rule as (select rule_version, indicator_id, stage_code, name_en, name_zh, is_explicit from mart_indicator),
final as (
    select
        case when entry.entry_kind_code = 'cap' then 'cap:' else '' end || entry.indicator_id || ':' || entry.subject_id
            || coalesce(':' || entry.cause_id, '') as entry_id,
        entry.*,
        rule.stage_code,
        rule.is_explicit,
        rule.name_en,
        rule.name_zh
    from entry left join rule using (rule_version, indicator_id)
)
select * from final
