-- model: customer_kind
-- grain: one customer
-- inputs: feature
-- fills: nearest
-- Every customer's cluster of one kind: that of the nearest centre.
select customer_id, {nearest} as code from feature
