-- model: cluster_group
-- grain: one pair of value and behaviour cluster
-- inputs: input_cluster
-- Groups of customers, numbered from 1; 0 is whoever has no cluster.
select value_code, behaviour_code, cast(row_number() over (order by value_code, behaviour_code) as smallint) as group_no
from (select distinct value_code, behaviour_code from input_cluster)
