-- model: quarantine
-- grain: one row that breaks a rule which puts rows aside
-- inputs: gated, batch_file
-- share: whole
-- params: record
-- fills: found, any_bad, bad_value, row
-- With every rule that it breaks.
with
judged as (
    select *, concat_ws('; ', {found}) as found
    from gated
    where {any_bad}
),
final as (
    select
        $record as record_code,
        judged.source_code,
        judged.batch_number,
        judged.arrived_on,
        batch_file.file_name,
        judged.line_number,
        'quality' as gate_code,
        split_part(found, ': ', 1) as column_name,
        {bad_value} as bad_value,
        split_part(split_part(found, '; ', 1), ': ', 2) as reason_code,
        found as reasons,
        cast(to_json(struct_pack({row})) as varchar) as raw_row
    from judged
    inner join batch_file using (batch_number)
)
select * from final
