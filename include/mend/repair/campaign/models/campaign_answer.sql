-- model: campaign_answer
-- grain: one candidate against whom the contact rules have something
-- inputs: answer_file
-- params: kind
-- Answers with the kind of contact that they are about. Customers with the same reasons come together in a line.
select cast($kind as integer) as kind, unnest(string_split(customer_ids, chr(31))) as customer_id, reason_codes
from answer_file
