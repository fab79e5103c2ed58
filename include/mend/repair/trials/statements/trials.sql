-- statement: lock_list
-- One question about a list at a time, so that the same is asked once.
select pg_advisory_xact_lock(hashtext('trials of ' || cast(:list_id as text)))

-- statement: same_trial
-- The same question, if it has not failed.
select trial_id from list_trial where changes_sha256 = :digest and state_code <> 'failed' order by trial_id limit 1

-- statement: put_trial
-- One more question.
insert into list_trial (list_id, strategy_code, changes, changes_sha256, state_code, asked_by, asked_at)
values (:list_id, :code, cast(:changes as jsonb), :digest, 'asked', :who, :at)
returning trial_id

-- statement: trial
-- One question.
select trial_id, list_id, strategy_code, changes, state_code, asked_by, asked_at, answered_at, answer, problem_text
from list_trial
where trial_id = :trial_id

-- statement: trials_of_list
-- The latest questions about a list.
select trial_id, list_id, strategy_code, changes, state_code, asked_by, asked_at, answered_at, answer, problem_text
from list_trial
where list_id = :list_id
order by trial_id desc
limit :most

-- statement: put_answer
-- A question is answered.
update list_trial
set state_code = 'answered', answer = cast(:answer as jsonb), answered_at = :at, problem_text = null
where trial_id = :trial_id and state_code <> 'answered'

-- statement: put_problem
-- A question cannot be answered.
update list_trial set state_code = 'failed', problem_text = :why, answered_at = :at
where trial_id = :trial_id and state_code = 'asked'
