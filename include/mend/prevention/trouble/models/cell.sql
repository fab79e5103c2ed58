-- model: cell
-- grain: one combination of the six sources and a stage, in the month or before it
-- inputs: placed
-- share: customer_id
-- params: first_on
-- Contacts and points of each combination: which sources are the same trouble is read from these.
select
    ivr_node, topic, agent_group, center, plan, city,
    stage_code,
    day_on >= $first_on as is_now,
    sum(contacts) as contacts,
    sum(compared) as compared
from placed
where customer_id is not null
group by all
