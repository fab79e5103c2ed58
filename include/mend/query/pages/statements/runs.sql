-- statement: steps_between
-- What these steps did between two moments, the first of them first.
select step_code, from_on, to_on, started_at, ended_at, state_code, counts, message
from run_step
where step_code = any(:steps) and started_at >= :first and (cast(:last as timestamptz) is null or started_at <= :last)
order by started_at, run_step_id
limit 200
