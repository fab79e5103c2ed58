-- model: form_part
-- grain: one stage, form, trend and kind of silence, in a share
-- inputs: form
-- share: customer_id
-- Customers by what they showed, for the report.
select lifecycle_stage_code, form_code, trend_code, silence_code, count(*) as customer_count
from form
group by all
