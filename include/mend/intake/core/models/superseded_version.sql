-- model: superseded_version
-- grain: one version on a touched day that does not count
-- inputs: version, touched_key, touched_day, superseded_before
-- share: whole
-- params: record
-- A later version of its key replaces it, or it was withdrawn with its batch (then it is replaced by itself). Of keys
-- that are not touched, the rows stay as they are. Few keys have more than one version: only those are ranked.
with
counted as (
    select * from version where not is_withdrawn and not is_quarantined
),
repeated as (
    select subject_id, rest_of_key from counted group by all having count(*) > 1
),
ranked as (
    select
        *,
        row_number() over newest_first as place,
        first_value(batch_number) over newest_first as by_batch_number,
        first_value(line_number) over newest_first as by_line_number
    from counted
    semi join repeated using (subject_id, rest_of_key)
    window newest_first as (
        partition by subject_id, rest_of_key
        order by source_updated_at desc nulls last, arrived_on desc, batch_number desc, line_number desc
    )
),
replaced as (
    select subject_id, subject_on, batch_number, line_number, by_batch_number, by_line_number
    from ranked
    where place > 1
),
taken_out as (
    select
        subject_id, subject_on, batch_number, line_number,
        batch_number as by_batch_number, line_number as by_line_number
    from version
    where is_withdrawn and not is_quarantined
),
unchanged as (
    select subject_id, subject_on, batch_number, line_number, by_batch_number, by_line_number
    from superseded_before
    anti join touched_key using (subject_id)
),
final as (
    select $record as record_code, *
    from (select * from replaced union all select * from taken_out union all select * from unchanged)
    semi join touched_day using (subject_on)
)
select * from final
