-- model: damage
-- grain: one customer with entries in the month
-- inputs: experience
-- share: customer_id
-- The month's sums and its peak: the experience that cost most. Of equals the doubly damaged first, then the explicit, then by id:
-- the worst is the largest of points, double, explicit packed into one number.
with
weighed as (
    select
        *,
        damage_points * 4 + case when ivr_points > 0 and agent_points > 0 then 2 else 0 end + case when is_explicit then 1 else 0 end as weight
    from experience
),
total as (
    select
        customer_id,
        cast(sum(damage_points) as integer) as damage_points,
        cast(sum(repair_points) as decimal(9, 3)) as repair_points,
        cast(sum(ivr_points) as integer) as ivr_points,
        cast(sum(agent_points) as integer) as agent_points,
        bool_or(is_escalated) as is_escalated,
        greatest(0, max(damage_points)) as peak_points,
        max(weight) as weight
    from weighed
    group by customer_id
),
peak as (
    select weighed.customer_id, min(weighed.experience_id) as peak_subject_id
    from weighed
    join total on weighed.customer_id = total.customer_id and weighed.weight = total.weight
    where weighed.damage_points > 0
    group by weighed.customer_id
),
final as (
    select total.* exclude (weight), peak.peak_subject_id
    from total
    left join peak on total.customer_id = peak.customer_id
)
select * from final
