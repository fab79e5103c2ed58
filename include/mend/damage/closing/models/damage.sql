-- model: damage
-- grain: one customer with entries in the month
-- inputs: experience
-- share: customer_id
-- The month's sums and its peak: the experience that cost most. Of equals the doubly damaged first, then the explicit,
-- then by id. Points, double and explicit are packed into one number, below zero: the least pair of it and the id is
-- the peak.
with
weighed as (
    select
        *,
        damage_points * -4 - case when ivr_points > 0 and agent_points > 0 then 2 else 0 end
            - case when is_explicit then 1 else 0 end as weight
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
        min(case when damage_points > 0 then struct_pack(weight := weight, id := experience_id) end) as peak
    from weighed
    group by customer_id
),
final as (select * exclude (peak), peak.id as peak_subject_id from total)
select * from final
