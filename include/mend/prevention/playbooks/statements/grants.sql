-- statement: lock_grants
-- One request at a time: what was given for a case is looked at, and nobody gives meanwhile.
select pg_advisory_xact_lock(hashtext('compensation_grant'))

-- statement: request
-- What was asked for and decided under a key, in order.
select * from compensation_grant where request_key = :request_key order by event_number

-- statement: given_for_case
-- Yuan given for a case.
select coalesce(sum(amount) filter (where event_code = 'granted'), 0)
from compensation_grant
where about_code = :about_code and about_id = :about_id and customer_id = any(cast(:customer_ids as text[]))

-- statement: given_to_customer
-- What a customer was given between two moments: how often and how much, under all ids of the person.
select count(*), coalesce(sum(amount), 0)
from compensation_grant
where event_code = 'granted' and customer_id = any(cast(:customer_ids as text[])) and acted_at > :since
    and acted_at <= :until

-- statement: grants_of_customer
-- Every event of a customer's compensations, in order.
select *
from compensation_grant
where customer_id = any(cast(:customer_ids as text[]))
order by acted_at, request_key, event_number

-- statement: waiting_requests
-- What was asked for and waits for a level's decision, the oldest first.
select *
from compensation_grant as asked
where event_code = 'asked'
    and not exists (
        select from compensation_grant as decided
        where decided.request_key = asked.request_key and decided.event_number = 2
    )
order by acted_at, request_key

-- statement: put_grant
insert into compensation_grant (
    request_key, event_number, event_code, customer_id, about_code, about_id, playbook_code, playbooks_valid_from,
    severity, amount, level_code, to_level_code, limits, given_before, customer_grants, customer_yuan, is_look_due,
    acted_by, acted_through, acted_at, reason
) values (
    :request_key, :event_number, :event_code, :customer_id, :about_code, :about_id, :playbook_code,
    :playbooks_valid_from, :severity, :amount, :level_code, :to_level_code, cast(:limits as jsonb), :given_before,
    :customer_grants, :customer_yuan, :is_look_due, :acted_by, :acted_through, :acted_at, :reason
)
