-- model: small_group
-- grain: one group of agents that is not shown
-- inputs: contact
-- params: first_on, last_on, least_agents
-- A group of few agents would show what a single one of them did; so would one whose agents nobody knows.
select agent_group_code
from contact
where agent_group_code is not null and started_on <= $last_on
group by agent_group_code
having count(distinct case when started_on >= $first_on then agent_id end) < $least_agents
