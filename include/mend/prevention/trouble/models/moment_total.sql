-- model: moment_total
-- grain: one source, or all known sources of a dimension (source_code empty)
-- inputs: moments
-- order: dimension_code, source_code
-- All shares together: sums of products add up.
select
    dimension_code,
    source_code,
    sum(columns(* exclude (dimension_code, source_code)))
from moments
group by dimension_code, source_code
