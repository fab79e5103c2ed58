-- model: repair_feature
-- grain: one repair action
-- inputs: file_repair_action
-- share: customer_id
-- params: first_day
with
final as (
    select
        *,
        cast(null as varchar) as subject_kind_code,
        cast(null as varchar) as subject_id,
        cast(null as varchar) as debit_cause_id,
        repair_id as credit_cause_id,
        cast(null as varchar) as incident_id,
        contact_id as repaired_contact_id,
        ticket_id as repaired_ticket_id
    from file_repair_action
    where done_on >= $first_day
)
select * from final
