-- model: campaign_reason_count
-- grain: one first reason
-- inputs: campaign_gate
-- order: first_reason_code
-- Gated candidates by the gate at which they came furthest.
select first_reason_code, count(*) as candidate_count
from campaign_gate
where outcome_code = 'gated'
group by first_reason_code
