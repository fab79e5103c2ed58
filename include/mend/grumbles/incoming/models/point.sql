-- model: point
-- grain: one grumble type
-- inputs: taxonomy, item_of_type, item
-- The taxonomy in force with each type's survey item in words.
select
    taxonomy.grumble_type_code, taxonomy.parent_code, taxonomy.name_en, taxonomy.name_zh,
    taxonomy.department_codes, item_of_type.survey_item_code, item.name_en as item_en, item.name_zh as item_zh
from taxonomy
left join item_of_type using (grumble_type_code)
left join item on item.survey_item_code = item_of_type.survey_item_code
order by taxonomy.grumble_type_code
