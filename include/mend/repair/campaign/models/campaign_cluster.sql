-- model: campaign_cluster
-- grain: one customer whom the month's clusters know
-- inputs: cluster_file, person_of_customer
-- share: customer_id
-- params: month
-- Clusters under the id by which the customer goes. Of several ids' the one that stays, else the first.
with
moved as (
    select person_of_customer.person_id as customer_id, cluster_file.value_code, cluster_file.behaviour_code
    from cluster_file
    join person_of_customer on cluster_file.customer_id = person_of_customer.customer_id
    where cluster_file.month = $month
        and person_of_customer.person_id not in (select customer_id from cluster_file where month = $month)
    qualify row_number() over (partition by person_of_customer.person_id order by cluster_file.customer_id) = 1
),
own as (
    select cluster_file.customer_id, cluster_file.value_code, cluster_file.behaviour_code
    from cluster_file
    where cluster_file.month = $month
),
final as (from own union all by name from moved)
select * from final
