-- model: outcome_count
-- grain: one outcome, and of gated candidates one first reason
-- inputs: candidate_row
-- order: outcome_code, first_reason_code nulls first
-- Candidates by what came of them.
with
final as (
    select outcome_code, first_reason_code, count(*) as candidate_count
    from candidate_row
    group by all
)
select * from final
