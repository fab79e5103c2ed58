-- statement: lock_plan
-- One step of a plan's review at a time.
select pg_advisory_xact_lock(hashtext('review of plan ' || cast(:plan_id as text)))

-- statement: events
-- What has happened to a plan, in order.
select round_number, event_code, department_code, decided_by, scores, reason, content_sha256, rules_from, elements, at
from plan_review
where plan_id = :plan_id
order by event_number

-- statement: put_event
-- One more thing that happened.
insert into plan_review (
    plan_id, round_number, event_code, department_code, decided_by, decided_through, at, scores, reason, content_sha256,
    rules_from, elements
) values (
    :plan_id, :round_number, :event_code, :department_code, :decided_by, :decided_through, :at, cast(:scores as jsonb),
    :reason, :content_sha256, :rules_from, cast(:elements as jsonb)
)

-- statement: approved_before
-- Plans with an approval, and when the first was given.
select plan_id, min(at) as approved_at, min(round_number) as round_number
from plan_review
where event_code = 'approved'
group by plan_id
order by plan_id
