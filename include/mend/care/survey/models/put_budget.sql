-- What counts against the day's budget.
insert into contact_budget (budget_on, consent_code, used_count)
select budget_on, consent_code, count(*)
from verdict
where reason_code is null
group by budget_on, consent_code
on conflict (budget_on, consent_code) do update set used_count = contact_budget.used_count + excluded.used_count
