-- model: tendency
-- grain: one damaged customer of the month
-- inputs: damaged_parts, group_tendency
-- params: month
-- Each has the tendency of their stage and level; where that is unknown, so is theirs.
select
    $month as month,
    damaged_parts.customer_id,
    damaged_parts.lifecycle_stage_code,
    damaged_parts.level,
    group_tendency.tendency,
    group_tendency.tendency_low,
    group_tendency.tendency_high,
    group_tendency.basis_code,
    group_tendency.basis_count,
    group_tendency.left_count
from damaged_parts
join group_tendency
    on damaged_parts.lifecycle_stage_code = group_tendency.lifecycle_stage_code
    and damaged_parts.level = group_tendency.level
