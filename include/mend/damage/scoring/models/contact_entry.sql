-- The entries of the contacts that are looked at, in whole numbers: debits and incident caps; of the last day that is done wholly, those
-- that the next night may take back are provisional. Inputs: contact_hit, contact_rule, contact_cap, full_day.
with
debit as (
    select
        contact_hit.contact_key, contact_hit.customer_key, contact_hit.started_on, contact_hit.incident_key, contact_hit.incident_on,
        contact_rule.number as rule_number, contact_rule.points, false as is_cap, contact_rule.is_provisional
    from contact_hit
    join contact_rule on (contact_hit.bits & contact_rule.bit) <> 0
),
cap as (
    select
        contact_hit.contact_key, contact_hit.customer_key, contact_hit.started_on, contact_hit.incident_key, contact_hit.incident_on,
        contact_cap.rule_number, -contact_cap.excess as points, true as is_cap, true as is_provisional
    from contact_cap
    join contact_hit using (contact_key)
),
last_day as (select max(day) as day from full_day),
final as (
    select entry.* replace (entry.is_provisional and entry.started_on = last_day.day as is_provisional)
    from (select * from debit union all by name select * from cap) as entry, last_day
)
select * from final
