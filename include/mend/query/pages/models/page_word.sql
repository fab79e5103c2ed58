-- model: page_word
-- grain: one code of a version of the rules
-- inputs: mart_indicator, mart_grumble_type
-- Words of indicators, credits and grumble points, for readers that have no rule files.
with
final as (
    select distinct 'indicator' as kind_code, indicator_id as code, rule_version as valid_from, name_en, name_zh, points
    from mart_indicator
    union all
    select distinct 'grumble_type', grumble_type_code, taxonomy_version, name_en, name_zh, null
    from mart_grumble_type
)
select * from final
