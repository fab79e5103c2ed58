-- model: foreign_number
-- grain: one phone number
-- inputs: snapshot_customer
-- Numbers outside of China, of which only the numbering plan knows the zones.
select distinct phone_number
from snapshot_customer
where phone_number not like '+86%'
order by phone_number
