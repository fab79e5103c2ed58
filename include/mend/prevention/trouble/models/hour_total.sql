-- model: hour_total
-- grain: one source in one hour
-- inputs: caller_hours
-- order: dimension_code, source_code, hour_number
-- All shares together.
select dimension_code, source_code, hour_number, cast(sum(callers) as bigint) as callers
from caller_hours
group by dimension_code, source_code, hour_number
