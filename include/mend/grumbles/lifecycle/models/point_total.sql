-- model: point_total
-- grain: one stage and grumble point; and the stage's whole
-- inputs: point_parts
-- order: lifecycle_stage_code, is_whole, grumble_type_code
-- The shares' counts put together: a customer is in one share.
select
    lifecycle_stage_code,
    grumble_type_code,
    is_whole,
    cast(sum(grumble_count) as bigint) as grumble_count,
    cast(sum(customer_count) as bigint) as customer_count
from point_parts
group by lifecycle_stage_code, grumble_type_code, is_whole
