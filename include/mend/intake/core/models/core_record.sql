-- The valid version of each key, for the days touched.
with version as (
    select * from touched_raw where batch_number in (select batch_number from eligible_batch)
),
final as (
    select {columns}
    from version
    anti join refused using (batch_number, line_number)
    anti join loser using (batch_number, line_number)
)
select * from final
