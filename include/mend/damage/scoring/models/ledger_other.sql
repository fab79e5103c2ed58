-- model: ledger_other
-- grain: one entry of a day that is written, but those of contacts which are scored now
-- inputs: ledger_kept, entry_of_records, entry_of_credits, written_day
-- share: whole
-- What is written beside the contacts' entries.
with
entry as (
    select * from ledger_kept
    union all by name
    select * from entry_of_records
    union all by name
    select * from entry_of_credits
),
final as (select entry.* from entry semi join written_day on entry.posted_on = written_day.day)
select * from final
