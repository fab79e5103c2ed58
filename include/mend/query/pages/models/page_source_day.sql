-- model: page_source_day
-- grain: one business date of arrival, source and record
-- inputs: batch, quarantine, superseded
-- What arrived, and in which of the three places it is: accepted, in quarantine, replaced by a correction. Of a batch
-- that the gate stopped all rows are held back.
with
quarantined as (select batch_number, count(*) as row_count from quarantine group by batch_number),
replaced as (select batch_number, count(*) as row_count from superseded group by batch_number),
counted as (
    select
        batch.arrived_on, batch.source_code, batch.record_code, batch.row_count as arrived_count,
        case when is_stopped then batch.row_count else coalesce(quarantined.row_count, 0) end as quarantined_count,
        case when is_stopped then 0 else coalesce(replaced.row_count, 0) end as superseded_count
    from batch
    left join quarantined on batch.batch_number = quarantined.batch_number
    left join replaced on batch.batch_number = replaced.batch_number
),
final as (
    select
        arrived_on,
        source_code,
        record_code,
        cast(sum(arrived_count) as bigint) as arrived_count,
        cast(sum(arrived_count - quarantined_count - superseded_count) as bigint) as accepted_count,
        cast(sum(quarantined_count) as bigint) as quarantined_count,
        cast(sum(superseded_count) as bigint) as superseded_count
    from counted
    group by arrived_on, source_code, record_code
)
select * from final
