-- model: drawn_grumble
-- grain: one grumble of a drawn customer
-- inputs: grumble_file
-- params: permille
-- As `grumble`, of so many in a thousand of the customers, drawn by the digest of their id.
select *, source_kind_code || ':' || source_id as source_key
from grumble_file
where md5_number_lower(customer_id) % 1000 < $permille
