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
