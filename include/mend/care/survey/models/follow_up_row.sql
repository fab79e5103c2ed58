-- Promises of follow-up that fell due in the month.
select follow_up_id, measure_code, first_due_at, first_answered_at, is_promise_kept
from follow_up_ticket
where first_due_at >= :first and first_due_at < :after and measure_code in ('complex_question', 'second_follow_up')
