-- model: form_total
-- grain: one stage, form, trend and kind of silence
-- inputs: form_parts
-- order: lifecycle_stage_code, form_code, trend_code, silence_code
-- The shares' counts put together.
select lifecycle_stage_code, form_code, trend_code, silence_code, cast(sum(customer_count) as bigint) as customer_count
from form_parts
group by lifecycle_stage_code, form_code, trend_code, silence_code
