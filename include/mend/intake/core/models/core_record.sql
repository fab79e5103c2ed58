-- model: core_record
-- grain: one row on a touched day: the valid version of each key
-- inputs: raw_day, known_batch, quarantined_line, superseded_version
-- share: whole
-- fills: columns
with
counted as (
    select batch_number from known_batch where not is_withdrawn
),
final as (
    select {columns}
    from raw_day
    semi join counted using (batch_number)
    anti join quarantined_line using (batch_number, line_number)
    anti join superseded_version using (batch_number, line_number)
)
select * from final
