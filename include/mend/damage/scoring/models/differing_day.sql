-- model: differing_day
-- grain: one day whose entries of records or credits are not those of the ledger
-- inputs: ledger_old, entry_of_records, entry_of_credits, record_indicator, scored_record_day
-- share: whole
-- Days on which a debit of a ticket, booking or reply, or a credit, came, went, or is another one than before.
with
new as (select * from entry_of_records union all by name select * from entry_of_credits),
old as (
    select ledger_old.*
    from ledger_old
    semi join scored_record_day on ledger_old.posted_on = scored_record_day.day
    where entry_kind_code = 'credit' or indicator_id in (select indicator_id from record_indicator)
),
new_row as (
    select
        posted_on, posted_at, customer_id, entry_kind_code, indicator_id, rule_version, subject_kind_code, subject_id,
        cause_id, incident_id,
        cast(points as decimal(9, 3)) as points
    from new
),
old_row as (
    select
        posted_on, posted_at, customer_id, entry_kind_code, indicator_id, rule_version, subject_kind_code, subject_id,
        cause_id, incident_id,
        points
    from old
),
final as (
    select posted_on as day from (from new_row except all from old_row)
    union
    select posted_on from (from old_row except all from new_row)
)
select * from final
