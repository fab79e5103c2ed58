-- model: survey_item
-- grain: one survey item
-- inputs: every_item
-- params: day
-- The survey items in force on a day.
select * from every_item
where taxonomy_version = (select max(taxonomy_version) from every_item where taxonomy_version <= $day)
