-- A later month's score: half of the month before, plus damage, less repair, never under zero.
with
summed as (
    select
        customer_id,
        sum(case when entry_kind_code <> 'credit' then points else 0 end)::integer as damage_points,
        -sum(case when entry_kind_code = 'credit' then points else 0 end)::integer as repair_points,
        bool_or(is_explicit) as is_explicit,
        bool_or(indicator_id = 'RES-07') as is_escalated
    from truth_ledger
    where date_trunc('month', posted_on) = $month
    group by customer_id
),
carried as (
    select
        customer_id,
        coalesce(previous.score, 0) * $carry_over as carry_over_points,
        coalesce(damage_points, 0) as damage_points,
        coalesce(repair_points, 0) as repair_points,
        coalesce(summed.is_explicit, false) as is_explicit,
        coalesce(summed.is_escalated, false) as is_escalated
    from summed
    full join (select customer_id, score from truth_month where month_on = $before) as previous using (customer_id)
),
scored as (
    select *, greatest(0, carry_over_points + damage_points - repair_points) as score
    from carried
),
final as (
    select
        $month::date as month_on, customer_id, carry_over_points, damage_points, repair_points, score, is_explicit, is_escalated,
        greatest(
            case when score <= 0 then 0 when score < 5 then 1 when score < 15 then 2 when score < 30 then 3 else 4 end,
            case when is_escalated then 4 when is_explicit then 3 else 0 end
        ) as level
    from scored
)
select * from final
