-- model: ledger_kept
-- grain: one debit or cap of a contact on a day whose contacts are not scored, but whose other entries differ
-- inputs: ledger_old, record_indicator, written_day, scored_contact_day
-- share: whole
-- Contacts' entries that stay as they are on days that are written again.
with
day as (select * from written_day anti join scored_contact_day using (day)),
final as (
    select ledger_old.*
    from ledger_old
    semi join day on ledger_old.posted_on = day.day
    where entry_kind_code <> 'credit' and indicator_id not in (select indicator_id from record_indicator)
)
select * from final
