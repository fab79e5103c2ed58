-- model: ledger_credit
-- grain: one credit that was posted before those that this run works out
-- inputs: ledger_old, scored_record_day
-- share: whole
-- The credits as they are, of the days before.
with final as (
    select ledger_old.* from ledger_old
    where entry_kind_code = 'credit' and posted_on < (select min(day) from scored_record_day)
)
select * from final
