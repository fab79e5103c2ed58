-- The versions that a later one of the same key replaces, with that one. Few keys have more than one version: only those are ranked.
with version as not materialized (
    select * from kin anti join refused using (batch_number, line_number)
),
repeated as (
    select hash(subject_id) as id_hash from version group by all having count(*) > 1
),
ranked as (
    select
        *,
        row_number() over newest_first as place,
        first_value(batch_number) over newest_first as by_batch_number,
        first_value(line_number) over newest_first as by_line_number
    from version
    where hash(subject_id) in (select id_hash from repeated)
    window newest_first as (
        partition by subject_id, rest_of_key
        order by source_updated_at desc nulls last, arrived_on desc, batch_number desc, line_number desc
    )
),
final as (
    select subject_id, subject_on, batch_number, line_number, by_batch_number, by_line_number
    from ranked
    where place > 1
)
select * from final
