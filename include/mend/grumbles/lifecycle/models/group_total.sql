-- model: group_total
-- grain: one stage and level, and what was counted
-- inputs: group_parts
-- order: lifecycle_stage_code, level, what
-- The shares' counts put together.
select lifecycle_stage_code, level, what, cast(sum(row_count) as bigint) as row_count
from group_parts
group by lifecycle_stage_code, level, what
