-- model: placed_grumble
-- grain: one grumble in its city, and once more in all
-- inputs: named_grumble
-- A grumble counts in its city and for the whole.
select * from named_grumble where city_code <> 'unknown'
union all
select * replace ('all' as city_code) from named_grumble
