-- statement: lock_plan
-- One step of a plan's review at a time.
select pg_advisory_xact_lock(hashtext('review of plan ' || cast(:plan_id as text)))

-- statement: events
-- What has happened to a plan, in order.
select
    round_number, event_code, department_code, decided_by, scores, reason, content_sha256, rules_from, elements, rules,
    at
from plan_review
where plan_id = :plan_id
order by event_number

-- statement: put_event
-- One more thing that happened.
insert into plan_review (
    plan_id, round_number, event_code, department_code, decided_by, decided_through, at, scores, reason, content_sha256,
    rules_from, elements, rules
) values (
    :plan_id, :round_number, :event_code, :department_code, :decided_by, :decided_through, :at, cast(:scores as jsonb),
    :reason, :content_sha256, :rules_from, cast(:elements as jsonb), cast(:rules as jsonb)
)

-- statement: approvals
-- Approvals of plans, and when a changed plan began its next round: from then on the approval speaks of another plan.
select
    approval.plan_id,
    approval.at as approved_at,
    (
        select min(later.at)
        from plan_review as later
        where
            later.plan_id = approval.plan_id
            and later.event_code = 'opened'
            and later.round_number > approval.round_number
    ) as changed_at
from plan_review as approval
where approval.event_code = 'approved'
order by approval.plan_id, approval.round_number
