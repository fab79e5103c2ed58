-- model: factor
-- grain: one grumble point or area
-- inputs: every_taxonomy
-- params: day
-- What stands behind a survey item (factor), and who controls it: the first department is in charge. An area goes with
-- the item that has most weight among its points; a point without an item stands for itself.
with
in_force as (
    select * from every_taxonomy
    where taxonomy_version = (select max(taxonomy_version) from every_taxonomy where taxonomy_version <= $day)
),
weighed as (
    select parent_code as area_code, survey_item_code, sum(cast(round(1e9 * weight) as bigint)) as weight
    from in_force
    where parent_code is not null and survey_item_code is not null
    group by parent_code, survey_item_code
),
main_item as (
    select area_code, arg_min(survey_item_code, (-weight, survey_item_code)) as survey_item_code
    from weighed
    group by area_code
),
final as (
    select
        in_force.grumble_type_code as factor_code,
        coalesce(in_force.survey_item_code, main_item.survey_item_code, in_force.grumble_type_code)
            as survey_item_code,
        trim(split_part(in_force.department_codes, ',', 1)) as department_code,
        in_force.department_codes,
        in_force.topic_codes,
        in_force.name_en,
        in_force.name_zh
    from in_force
    left join main_item on in_force.grumble_type_code = main_item.area_code
)
select * from final
