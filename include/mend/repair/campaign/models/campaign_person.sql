-- model: campaign_person
-- grain: one id that became another
-- inputs: person_of_customer
-- The other ids by which a person was known.
select person_id as customer_id, customer_id as other_id
from person_of_customer
where person_id <> customer_id
