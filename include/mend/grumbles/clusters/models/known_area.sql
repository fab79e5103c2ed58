-- model: known_area
-- grain: one area of any version of the taxonomy
-- inputs: taxonomy
-- A home may have replaced the areas that the rules name.
select distinct grumble_type_code from taxonomy where parent_code is null
