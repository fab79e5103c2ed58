-- model: value_sample
-- grain: one customer
-- inputs: value_figure
-- params: most_rows
-- order: customer_id
-- Customers to fit on, by the digest of their id, which is the same in every run.
with
final as (
    select customer_id, brand_code, age, tenure_months, spend
    from value_figure
    order by md5(customer_id), customer_id
    limit $most_rows
)
select * from final
