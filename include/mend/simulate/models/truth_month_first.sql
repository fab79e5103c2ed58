-- The first month's score of each customer with a ledger row in it: nothing to carry over.
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
scored as (
    select *, greatest(0, damage_points - repair_points)::double as score
    from summed
),
final as (
    select
        $month::date as month_on, customer_id, 0::double as carry_over_points, damage_points, repair_points, score,
        case when score <= 0 then 0 when score < 5 then 1 when score < 15 then 2 when score < 30 then 3 else 4 end as level_by_score
    from scored
)
select * from final
