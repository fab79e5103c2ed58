-- model: campaign_answer
-- grain: one candidate against whom the contact rules have something
-- inputs: answer_file
-- params: kind
-- Answers with the kind of contact that they are about.
select cast($kind as integer) as kind, customer_id, reason_codes from answer_file
