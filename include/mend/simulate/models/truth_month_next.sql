-- A later month's score: half of the month before, plus damage, less repair, never under zero.
with
summed as (
    select
        customer_id,
        sum(case when entry_kind_code <> 'credit' then points else 0 end)::integer as damage_points,
        -sum(case when entry_kind_code = 'credit' then points else 0 end)::double as repair_points
    from truth_ledger
    where date_trunc('month', posted_on) = $month
    group by customer_id
),
carried as (
    select
        customer_id,
        coalesce(previous.score, 0) * $carry_over as carry_over_points,
        coalesce(damage_points, 0) as damage_points,
        coalesce(repair_points, 0) as repair_points
    from summed
    full join (select customer_id, score from truth_month where month_on = $before) as previous using (customer_id)
),
scored as (
    select *, greatest(0, carry_over_points + damage_points - repair_points) as score
    from carried
),
final as (
    select
        $month::date as month_on, customer_id, carry_over_points, damage_points, repair_points, score,
        case when score <= 0 then 0 when score < 5 then 1 when score < 15 then 2 when score < 30 then 3 else 4 end as level_by_score
    from scored
)
select * from final
