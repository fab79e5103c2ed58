-- model: hang_up
-- grain: one customer who hung up in the queue or the menu
-- inputs: posted, person_of_customer
-- share: customer_id
-- params: hang_up_indicators
-- As the month's ledger says it: with the thresholds of the scoring rules.
select distinct coalesce(person_of_customer.person_id, posted.customer_id) as customer_id
from posted
left join person_of_customer on posted.customer_id = person_of_customer.customer_id
where posted.entry_kind_code = 'debit' and list_contains($hang_up_indicators, posted.indicator_id)
