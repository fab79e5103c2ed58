-- model: contact_owner
-- grain: one contact that may hold a grumble
-- inputs: contact, recorded
-- share: customer_id
-- Whose contact it is: what names the contact goes into the share of its customer.
select contact_id, customer_id from contact
union all
select source_id, customer_id from recorded
