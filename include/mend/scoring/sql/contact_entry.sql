-- The entries of the contacts that are looked at, in whole numbers: debits and incident caps. Inputs: contact_hit, contact_rule, contact_cap.
with
debit as (
    select
        contact_hit.contact_key, contact_hit.customer_key, contact_hit.started_on, contact_hit.incident_key, contact_hit.incident_on,
        contact_rule.number as rule_number, contact_rule.points, false as is_cap
    from contact_hit
    join contact_rule on (contact_hit.bits & contact_rule.bit) <> 0
),
cap as (
    select
        contact_hit.contact_key, contact_hit.customer_key, contact_hit.started_on, contact_hit.incident_key, contact_hit.incident_on,
        contact_cap.rule_number, -contact_cap.excess as points, true as is_cap
    from contact_cap
    join contact_hit using (contact_key)
),
final as (select * from debit union all by name select * from cap)
select * from final
