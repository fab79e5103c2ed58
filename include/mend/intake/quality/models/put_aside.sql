-- model: put_aside
-- grain: one number: the rows that the quality gate holds of these batches
-- inputs: core_quarantine
-- share: whole
with
final as (
    select count(*) as row_count from core_quarantine where gate_code = 'quality'
)
select * from final
