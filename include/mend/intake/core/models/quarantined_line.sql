-- model: quarantined_line
-- grain: one line of a batch that the quality gate put aside
-- inputs: core_quarantine
-- share: whole
with
final as (
    select distinct batch_number, line_number from core_quarantine where gate_code = 'quality'
)
select * from final
