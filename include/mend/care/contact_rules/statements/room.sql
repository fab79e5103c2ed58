-- statement: drop_decision
-- Of an earlier question in this transaction.
drop table if exists contact_decision

-- statement: decide
-- What was decided on every request.
create temp table contact_decision on commit drop as
{reasons}

-- statement: reserve
-- What counts against the caps and the day's budget from now on. A request that has its room already takes no more.
with
reserved as (
    insert into contact_reservation (reservation_key, customer_id, phone_number, consent_code, is_promised, counts_at,
        batch_key)
    select request_key, customer_id, phone_number, consent_code, is_promised, not_before, :batch
    from contact_decision
    where reason_code is null and not has_room
    returning reservation_key
)
insert into contact_budget (budget_on, consent_code, used_count)
select budget_on, consent_code, count(*)
from contact_decision
where request_key in (select reservation_key from reserved)
group by budget_on, consent_code
on conflict (budget_on, consent_code) do update set used_count = contact_budget.used_count + excluded.used_count

-- statement: count_decisions
-- Decisions by reason; without one those that may go.
select reason_code, is_deferred, count(*) as decision_count from contact_decision group by 1, 2

-- statement: release
-- A message that was never tried does not count against the caps.
delete from contact_reservation
using sms_outbox
where contact_reservation.reservation_key = sms_outbox.dedup_key and sms_outbox.state_code in ('suppressed', 'expired')
    and sms_outbox.attempts = 0

-- statement: copy_requests
-- Many requests at once.
copy contact_request (
    request_key, customer_id, phone_number, zones, language_code, topic_code, about_id, happened_at, planned_at,
    latest_at, consent_code, is_promised, needs_consent, has_question, priority
) from stdin (format csv)

-- statement: copy_reasons
-- What speaks against whom, for those who asked for many.
copy (
    select customer_id, array_to_string(reason_codes, ',') as reason_codes
    from contact_decision
    where cardinality(reason_codes) > 0
    order by request_key
) to stdout (format csv, header)
