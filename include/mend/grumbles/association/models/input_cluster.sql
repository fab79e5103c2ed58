-- model: input_cluster
-- grain: one customer with a cluster
-- inputs: cluster_file
-- share: customer_id
-- Value and behaviour of the month whose clusters are used.
select customer_id, value_code, behaviour_code from cluster_file
