-- model: damaged
-- grain: one damaged customer of the month
-- inputs: customer_now
-- share: customer_id
-- Whoever the close found at level 1 or more and who has not left.
select customer_id, lifecycle_stage_code, level
from customer_now
where level >= 1 and not has_left
