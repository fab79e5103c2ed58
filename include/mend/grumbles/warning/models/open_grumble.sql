-- model: open_grumble
-- grain: one night and grumble that is open at its end
-- inputs: open_part
-- share: customer_id
-- The open grumbles of all shares.
select * from open_part
