-- Messages not let through in the month.
select trigger_code, purpose_code, stage_code, reason_code, count(*) as refused_count, count(*) filter (where is_promised) as promised_count
from survey_refusal
where refused_at >= :first and refused_at < :after
group by trigger_code, purpose_code, stage_code, reason_code
