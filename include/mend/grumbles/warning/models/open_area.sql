-- model: open_area
-- grain: one area
-- inputs: open_part
-- The areas of the open grumbles.
select distinct area_code from open_part where area_code is not null order by area_code
