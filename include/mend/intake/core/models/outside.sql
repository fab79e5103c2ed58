-- model: outside
-- grain: one batch whose rows are not in the core tables
-- inputs: batch_asked, raw_arrived, core_quarantine
-- share: whole
-- Its rows that passed the parse gate, and those that the parse gate put aside.
with
arrived as (
    select batch_number, count(*) as row_count from raw_arrived group by all
),
rejected as (
    select batch_number, count(*) as row_count from core_quarantine where gate_code = 'parse' group by all
),
final as (
    select
        batch_number,
        coalesce(arrived.row_count, 0) as arrived_count,
        coalesce(rejected.row_count, 0) as rejected_count
    from batch_asked
    left join arrived using (batch_number)
    left join rejected using (batch_number)
)
select * from final
