-- Rows of each batch: as they arrived, as the quality gate put them aside, as a later version replaced them, and the rest.
with version as not materialized (
    select batch_number, line_number from arrived
),
standing as (
    select * from version
    anti join refused using (batch_number, line_number)
    anti join replaced using (batch_number, line_number)
),
arrived_count as (
    select batch_number, count(*) as row_count from version group by all
),
accepted_count as (
    select batch_number, count(*) as row_count from standing group by all
),
superseded_count as (
    select batch_number, count(*) as row_count from replaced group by all
),
quarantined_count as (
    select batch_number, count(*) as row_count from quarantine_of_batches group by all
),
final as (
    select
        batch_number,
        coalesce(arrived_count.row_count, 0) as arrived,
        coalesce(accepted_count.row_count, 0) as accepted,
        coalesce(quarantined_count.row_count, 0) as quarantined,
        coalesce(superseded_count.row_count, 0) as superseded
    from batch_asked
    left join arrived_count using (batch_number)
    left join accepted_count using (batch_number)
    left join superseded_count using (batch_number)
    left join quarantined_count using (batch_number)
)
select * from final
order by batch_number
