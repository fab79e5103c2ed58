-- model: contact_grumble
-- grain: one grumble in a contact
-- inputs: contact_part, recorded
-- share: customer_id
-- Those that were read now, and the others as they were recorded.
select * from contact_part
union all by name
select * from recorded
