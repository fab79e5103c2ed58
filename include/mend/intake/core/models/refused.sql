-- The rows that the quality gate put aside.
with final as (
    select distinct batch_number, line_number
    from quarantine_near semi join batch_near using (batch_number)
    where gate_code = 'quality'
)
select * from final
