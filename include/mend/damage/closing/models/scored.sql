-- model: scored
-- grain: one customer whom the month knows
-- inputs: contacted, damage, carried, latest, explicit
-- share: customer_id
-- params: nothing_left_under
-- Score, exposure and what was said, in one row. Wholly repaired: nothing is left, and something was repaired in the
-- month.
with
summed as (
    select
        coalesce(contacted.customer_id, damage.customer_id, carried.customer_id, explicit.customer_id) as customer_id,
        coalesce(carried.points, 0) as carry_over_points,
        coalesce(damage.damage_points, 0) as damage_points,
        coalesce(damage.repair_points, 0) as repair_points,
        greatest(0,
            coalesce(carried.points, 0) + coalesce(damage.damage_points, 0)
            - coalesce(damage.repair_points, 0)) as score,
        coalesce(damage.ivr_points, 0) as ivr_points,
        coalesce(damage.agent_points, 0) as agent_points,
        coalesce(damage.is_escalated, false) as is_escalated,
        coalesce(damage.peak_points, 0) as peak_points,
        damage.peak_subject_id,
        coalesce(latest.points, 0) as end_points,
        coalesce(latest.moment, contacted.contact_at) as end_at,
        coalesce(contacted.contact_count, 0) as contact_count,
        coalesce(contacted.incident_count, 0) as incident_count,
        coalesce(explicit.explicit_grade, 0) as explicit_grade,
        coalesce(explicit.is_explicit, false) as is_explicit,
        coalesce(explicit.is_repaired, false) as is_repaired
    from contacted
    full join damage on contacted.customer_id = damage.customer_id
    full join carried on coalesce(contacted.customer_id, damage.customer_id) = carried.customer_id
    full join explicit
        on coalesce(contacted.customer_id, damage.customer_id, carried.customer_id) = explicit.customer_id
    left join latest on damage.customer_id = latest.customer_id
),
final as (
    select
        * exclude (is_repaired),
        score < $nothing_left_under and explicit_grade = 0 and (repair_points > 0 or is_repaired) as is_in_consolidation
    from summed
)
select * from final
