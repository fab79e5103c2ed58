-- model: score_mismatch
-- grain: one customer whose score is wrong
-- inputs: damage_month, entry, carried
-- share: customer_id
-- Customers whose score is not their carry-over and ledger rows.
with
posted_points as (select customer_id, sum(points) as points from entry group by customer_id),
final as (
    select coalesce(damage_month.customer_id, posted_points.customer_id, carried.customer_id) as customer_id
    from damage_month
    full join posted_points on damage_month.customer_id = posted_points.customer_id
    full join carried on coalesce(damage_month.customer_id, posted_points.customer_id) = carried.customer_id
    where coalesce(damage_month.score, 0)
        <> greatest(0, coalesce(carried.points, 0) + coalesce(posted_points.points, 0))
)
select * from final
