-- Customers whose score is not their carry-over and ledger rows. Inputs: damage_month (as written), ledger, month_before.
with
entry as (
    select customer_id, sum(points) as points
    from ledger
    where posted_on between $first_day and $last_day
    group by customer_id
),
before as (
    select customer_id, cast(round(sum(score) * $carry_over, 2) as decimal(12, 2)) as points from month_before group by customer_id
),
final as (
    select coalesce(damage_month.customer_id, entry.customer_id, before.customer_id) as customer_id
    from damage_month
    full join entry on damage_month.customer_id = entry.customer_id
    full join before on coalesce(damage_month.customer_id, entry.customer_id) = before.customer_id
    where coalesce(damage_month.score, 0) <> greatest(0, coalesce(before.points, 0) + coalesce(entry.points, 0))
)
select * from final
