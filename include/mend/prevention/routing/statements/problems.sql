-- statement: lock_problem
-- One step on a problem at a time.
select pg_advisory_xact_lock(hashtext('routed problem ' || cast(:name as text)))

-- statement: all_events
-- What has happened to all problems, in order.
select
    problem_id, event_place, round_number, event_code, department_code, level_code, city_code, to_department_code,
    to_level_code, to_city_code, month, at, decided_by, reason, measure_text, details, rules_from
from problem_event
order by problem_id, event_place

-- statement: events
-- What has happened to one problem, in order.
select
    problem_id, event_place, round_number, event_code, department_code, level_code, city_code, to_department_code,
    to_level_code, to_city_code, month, at, decided_by, reason, measure_text, details, rules_from
from problem_event
where problem_id = :problem_id
order by event_place

-- statement: put_event
-- One more thing that happened.
insert into problem_event (
    problem_id, event_place, round_number, event_code, department_code, level_code, city_code, to_department_code,
    to_level_code, to_city_code, month, at, decided_by, decided_through, reason, measure_text, details, rules_from
) values (
    :problem_id, :event_place, :round_number, :event_code, :department_code, :level_code, :city_code,
    :to_department_code, :to_level_code, :to_city_code, :month, :at, :decided_by, :decided_through, :reason,
    :measure_text, cast(:details as jsonb), :rules_from
)
