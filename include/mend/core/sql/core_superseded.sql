-- The replaced versions that lie on the days touched.
with final as (
    select $record as record_code, * from loser semi join touched_day using (subject_on)
)
select * from final
