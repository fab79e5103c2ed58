-- model: behaviour_sample
-- grain: one customer
-- inputs: behaviour_figure
-- params: most_rows, least_matters
-- fills: who, matters
-- order: customer_id
-- Customers to fit on, of those who did enough to tell, by the digest of their id.
with
final as (
    select *
    from behaviour_figure
    where {who} and {matters} >= $least_matters
    order by md5(customer_id), customer_id
    limit $most_rows
)
select * from final
