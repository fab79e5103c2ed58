-- model: experience
-- grain: one experience of a customer in the month
-- inputs: entry
-- share: customer_id
-- What each experience cost and what was repaired: all entries of the month on any contact of an incident, ratings too.
-- (Doubles are summed at half the cost of decimals, and are exact here: points are whole, or thousandths below a
-- million.)
select
    customer_id,
    experience_id,
    cast(sum(case when is_credit then 0 else cast(points as double) end) as integer) as damage_points,
    cast(sum(case when is_credit then cast(-points as double) else 0 end) as decimal(9, 3)) as repair_points,
    cast(sum(case when is_ivr then cast(points as double) else 0 end) as integer) as ivr_points,
    cast(sum(case when is_agent then cast(points as double) else 0 end) as integer) as agent_points,
    bool_or(is_explicit) as is_explicit,
    bool_or(is_escalation) as is_escalated
from entry
group by customer_id, experience_id
