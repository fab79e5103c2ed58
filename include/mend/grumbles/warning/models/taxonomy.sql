-- model: taxonomy
-- grain: one grumble type
-- inputs: every_taxonomy
-- params: day
-- The taxonomy in force on a day.
select * from every_taxonomy
where taxonomy_version = (select max(taxonomy_version) from every_taxonomy where taxonomy_version <= $day)
