-- model: not_let_through
-- grain: one trigger, stage and reason of a month
-- inputs: refusal_row
-- params: month
-- What was not let through, by reason.
select $month as month, trigger_code, stage_code, reason_code, sum(refused_count)::bigint as refused_count,
sum(promised_count)::bigint as promised_count
from refusal_row
group by trigger_code, stage_code, reason_code
order by trigger_code, stage_code, reason_code
