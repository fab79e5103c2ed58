-- model: explained_entry
-- grain: one ledger entry of a person in a month
-- inputs: explained
-- share: whole
-- params: ids, first_day, last_day
-- order: posted_at, subject_id, entry_kind_code = 'debit' desc, indicator_id, cause_id
with
final as (
    select
        posted_on, posted_at, indicator_id, entry_kind_code, subject_kind_code, subject_id, cause_id, incident_id,
        points, rule_version
    from explained
    where list_contains($ids, customer_id) and posted_on between $first_day and $last_day
)
select * from final
