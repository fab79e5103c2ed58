-- model: changed_day
-- grain: one record and day of rows that came, were corrected or went
-- inputs: change
-- share: whole
-- The days that the run's rows are of.
with final as (select distinct record_code, subject_on from change)
select * from final
