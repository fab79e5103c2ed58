-- model: cluster_count
-- grain: one cluster of a kind
-- inputs: customer_cluster
-- How many customers each cluster has.
select 'value' as kind_code, value_code as cluster_code, count(*) as customers from customer_cluster group by value_code
union all
select 'behaviour', behaviour_code, count(*) from customer_cluster group by behaviour_code
order by kind_code, cluster_code
