-- model: feature
-- grain: one night and open grumble
-- inputs: feature_part
-- share: customer_id
-- The features of all shares.
select * from feature_part
