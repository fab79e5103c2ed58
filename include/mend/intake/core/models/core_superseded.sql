-- The versions that lie on the days touched and do not count: replaced by another, or withdrawn with their batch (replaced by themselves).
with replaced as (
    select subject_id, subject_on, batch_number, line_number, by_batch_number, by_line_number from loser
),
taken_out as (
    select subject_id, subject_on, batch_number, line_number, batch_number as by_batch_number, line_number as by_line_number
    from withdrawn
    anti join refused using (batch_number, line_number)
),
final as (
    select $record as record_code, *
    from (select * from replaced union all select * from taken_out)
    semi join touched_day using (subject_on)
)
select * from final
