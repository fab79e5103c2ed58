-- model: reconciled
-- grain: one batch asked about
-- inputs: batch_asked, raw_arrived, core_quarantine, core_superseded
-- share: whole
-- Rows as they arrived, as the gates put them aside, as a later version replaced them, and the rest.
with
quarantined_line as (
    select distinct batch_number, line_number from core_quarantine where gate_code = 'quality'
),
accepted as (
    select batch_number, line_number
    from raw_arrived
    anti join quarantined_line using (batch_number, line_number)
    anti join core_superseded using (batch_number, line_number)
),
arrived_count as (
    select batch_number, count(*) as row_count from raw_arrived group by all
),
accepted_count as (
    select batch_number, count(*) as row_count from accepted group by all
),
superseded_count as (
    select batch_number, count(*) as row_count from core_superseded group by all
),
quarantined_count as (
    select batch_number, count(*) as row_count from core_quarantine group by all
),
final as (
    select
        batch_number,
        coalesce(arrived_count.row_count, 0) as arrived_count,
        coalesce(accepted_count.row_count, 0) as accepted_count,
        coalesce(quarantined_count.row_count, 0) as quarantined_count,
        coalesce(superseded_count.row_count, 0) as superseded_count
    from batch_asked
    left join arrived_count using (batch_number)
    left join accepted_count using (batch_number)
    left join superseded_count using (batch_number)
    left join quarantined_count using (batch_number)
    order by batch_number
)
select * from final
