-- model: ledger_debit
-- grain: one debit or cap
-- inputs: ledger_new, ledger_old, entry_of_records, record_indicator, scored_contact_day, scored_record_day
-- share: whole
-- Debits and caps as they will be: those of contacts and of other records that this run worked out, and the others as
-- they are.
with
old as (
    select ledger_old.*, record_indicator.indicator_id is not null as is_of_record
    from ledger_old left join record_indicator using (indicator_id)
    where entry_kind_code <> 'credit'
),
final as (
    select * from ledger_new
    union all by name
    select * from entry_of_records
    union all by name
    select * exclude (is_of_record) from old
    anti join scored_contact_day on old.posted_on = scored_contact_day.day
    where not is_of_record
    union all by name
    select * exclude (is_of_record) from old
    anti join scored_record_day on old.posted_on = scored_record_day.day
    where is_of_record
)
select * from final
