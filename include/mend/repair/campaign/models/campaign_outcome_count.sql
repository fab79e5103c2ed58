-- model: campaign_outcome_count
-- grain: one outcome
-- inputs: campaign_gate
-- order: outcome_code
-- Candidates by what came of it.
select outcome_code, count(*) as candidate_count from campaign_gate group by outcome_code
