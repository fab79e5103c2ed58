-- model: credit_row
-- grain: one ledger row of an account that a credit may name
-- inputs: credit_offer, ledger_debit, ledger_credit
-- share: customer_id
-- An account is a ticket, or an incident with all its contacts. A credit names it, or a contact of it.
with
entry as (
    select *, coalesce(incident_id, subject_id) as account_id from ledger_debit
    union all by name
    select *, coalesce(incident_id, subject_id) as account_id from ledger_credit
),
named as (
    select repaired_contact_id as id from credit_offer where repaired_contact_id is not null
    union
    select repaired_ticket_id from credit_offer where repaired_ticket_id is not null
),
account as (
    select id from named
    union
    select incident_id from entry where incident_id is not null and subject_id in (select id from named)
),
final as (
    select * from entry
    where subject_kind_code in ('contact', 'ticket') and account_id in (select id from account)
)
select * from final
