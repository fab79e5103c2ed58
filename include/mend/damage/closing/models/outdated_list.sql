-- model: outdated_list
-- grain: one closed month with a list
-- inputs: month_file, list_file
-- params: months
-- Months whose list is not of the damaged customers that their close found.
with
damaged as (
    select month, customer_id, coalesce(city_code, 'unknown') as city_code, level, score, segment_code, is_explicit,
    peak_points
    from month_file
    where level >= 1 and not has_left and not is_in_consolidation and list_contains(cast($months as varchar[]), month)
),
listed as (
    select month, customer_id, city_code, level, score, segment_code, is_explicit, peak_points
    from list_file
    where list_contains(cast($months as varchar[]), month)
),
final as (
    select distinct month from ((from damaged except from listed) union all (from listed except from damaged))
)
select * from final
