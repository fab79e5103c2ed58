-- model: group_cluster
-- grain: one group and cluster
-- inputs: cluster_group
-- The clusters that a group counts for: its value, its behaviour, and all.
select group_no, unnest(['all', value_code, behaviour_code]) as cluster_code from cluster_group
union all
select 0, 'all'
