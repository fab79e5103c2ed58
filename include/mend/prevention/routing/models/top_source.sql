-- model: top_source
-- grain: one source of trouble
-- inputs: trouble_file
-- params: month
-- order: rank
-- What the month's look for trouble proved to be worse than before, and no narrower source explains. What is merely
-- above its kind stays a lead: menus differ.
select
    dimension_code,
    source_code,
    contact_count,
    customer_count,
    points,
    excess_points,
    trend,
    trend_low,
    trend_high,
    adjusted_p_value,
    rank,
    words_en,
    words_zh
from trouble_file
where month = $month and is_top and verdict_code = 'worse' and explained_by_source_code is null
