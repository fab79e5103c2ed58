-- model: version
-- grain: one version of a touched key
-- inputs: raw_near, known_batch, touched_key, quarantined_line
-- share: whole
-- fills: subject_id, rest_of_key, subject_on, customer_id, version_at
-- Of the batches that the core tables know or learn of now: rows of one that has not passed its gate do not come in
-- with a neighbour's load.
with
raw_version as (
    select
        {subject_id} as subject_id,
        {rest_of_key} as rest_of_key,
        {subject_on} as subject_on,
        {customer_id} as customer_id,
        {version_at} as version_at,
        source_updated_at,
        arrived_on,
        batch_number,
        line_number
    from raw_near
),
final as (
    select
        raw_version.*,
        known_batch.is_arriving,
        known_batch.is_withdrawn,
        quarantined_line.line_number is not null as is_quarantined
    from raw_version
    inner join known_batch on known_batch.batch_number = raw_version.batch_number
    left join quarantined_line
        on quarantined_line.batch_number = raw_version.batch_number
        and quarantined_line.line_number = raw_version.line_number
    where raw_version.subject_id in (select subject_id from touched_key)
)
select * from final
