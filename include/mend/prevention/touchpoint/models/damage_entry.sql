-- model: damage_entry
-- grain: one debit or cap of the month on a contact
-- inputs: posted, person_of_customer
-- share: customer_id
-- What the month's contacts cost. Repairs are no property of the contact that they repair.
select
    coalesce(person_of_customer.person_id, posted.customer_id) as customer_id,
    posted.subject_id,
    posted.indicator_id,
    posted.entry_kind_code = 'debit' as is_debit,
    posted.points
from posted
left join person_of_customer on posted.customer_id = person_of_customer.customer_id
where posted.subject_kind_code = 'contact' and posted.entry_kind_code in ('debit', 'cap')
