-- model: credit_row
-- grain: one ledger row of a customer to whom a credit is offered
-- inputs: credit_offer, ledger_debit, ledger_credit, same_person
-- share: customer_id
with
offered as (
    select customer_id from credit_offer
    union select same_person.other_id from same_person semi join credit_offer using (customer_id)
),
entry as (
    select * from ledger_debit where customer_id in (select customer_id from offered)
    union all by name
    select * from ledger_credit where customer_id in (select customer_id from offered)
),
final as (
    select *, coalesce(incident_id, subject_id) as account_id
    from entry
    where subject_kind_code in ('contact', 'ticket')
)
select * from final
