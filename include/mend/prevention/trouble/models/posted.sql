-- model: posted
-- grain: one debit or cap of a contact
-- inputs: ledger_file, person_of_customer, comparable
-- share: customer_id
-- Damage of contacts in thousandths of a point; `compared` are those that can be held against the months before. What
-- was repaired since is no matter here: the source hurt all the same.
select
    coalesce(person_of_customer.person_id, ledger_file.customer_id) as customer_id,
    ledger_file.subject_id as contact_id,
    ledger_file.posted_on,
    cast(round(1000 * ledger_file.points) as bigint) as thousandths,
    case
        when comparable.indicator_id is null then 0
        else cast(round(1000 * ledger_file.points) as bigint)
    end as compared,
    comparable.stage_code
from ledger_file
left join person_of_customer on ledger_file.customer_id = person_of_customer.customer_id
left join comparable on ledger_file.indicator_id = comparable.indicator_id
where ledger_file.subject_kind_code = 'contact' and ledger_file.entry_kind_code in ('debit', 'cap')
