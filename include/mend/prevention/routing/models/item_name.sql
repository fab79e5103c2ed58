-- model: item_name
-- grain: one survey item
-- inputs: every_item
-- params: day
-- order: survey_item_code
-- Names of the survey items in force on a day.
select survey_item_code, name_en, name_zh
from every_item
where taxonomy_version = (select max(taxonomy_version) from every_item where taxonomy_version <= $day)
