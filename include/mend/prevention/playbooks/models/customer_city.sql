-- model: customer_city
-- grain: one customer who was in any of the snapshots
-- inputs: snapshot
-- The customer's last known city, by the id by which they go.
with
final as (
    select customer_id, arg_max(city_code, month_on) as city_code
    from snapshot
    where city_code is not null
    group by customer_id
)
select * from final
