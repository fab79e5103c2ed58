-- model: found_count
-- grain: the month
-- inputs: association
-- How many influences are significant, and how many are key grumble points.
select count(case when is_significant then 1 end) as significant, count(case when is_key then 1 end) as key_points
    from association
