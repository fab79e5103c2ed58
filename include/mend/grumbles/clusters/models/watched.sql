-- model: watched
-- grain: one watched customer
-- inputs: customer_cluster, value_figure, behaviour_figure
-- params: month, most_rows
-- mart_cluster_watch: the figures and labels of some customers, always those with the smallest digests, so that the
-- next month can tell who hardly moved. Null: no such figure.
with
chosen as (
    select customer_id, value_code, consumption_code, behaviour_code
    from customer_cluster
    order by md5(customer_id), customer_id
    limit $most_rows
),
final as (
    select
        $month as month,
        chosen.*,
        age, tenure_months, spend,
        behaviour_figure.* exclude (customer_id)
    from chosen
    join value_figure using (customer_id)
    left join behaviour_figure using (customer_id)
    order by customer_id
)
select * from final
