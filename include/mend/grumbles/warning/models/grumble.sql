-- model: grumble
-- grain: one grumble
-- inputs: grumble_file
-- share: customer_id
-- Grumbles with the name by which their tickets find them.
select *, source_kind_code || ':' || source_id as source_key from grumble_file
