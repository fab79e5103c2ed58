-- model: campaign_entry
-- grain: one entry of the ledger
-- inputs: posted, person_of_customer
-- share: customer_id
-- The month's entries under the id by which the customer goes, with what they are about.
select
    coalesce(person_of_customer.person_id, posted.customer_id) as customer_id,
    posted.indicator_id,
    posted.entry_kind_code,
    posted.points,
    posted.subject_kind_code,
    posted.subject_id
from posted
left join person_of_customer on posted.customer_id = person_of_customer.customer_id
