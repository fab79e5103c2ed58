-- model: known
-- grain: the month
-- inputs: input_contact, input_grumble, input_complaint, input_reply
-- Whether any source carries each record: without one, its counts are not known rather than none.
select
    exists (select 1 from input_contact) as has_contacts,
    exists (select 1 from input_grumble) as has_grumbles,
    exists (select 1 from input_complaint) as has_complaints,
    exists (select 1 from input_reply) as has_replies
