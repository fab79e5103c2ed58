-- One row per indicator that a contact hit, still with keys. Inputs: contact_hit (bits after families), contact_rule.
with
hit as (select * from contact_hit),
rule as (select * from contact_rule),
final as (
    select
        hit.contact_key, hit.customer_key, hit.started_us, hit.started_on, hit.incident_key, hit.incident_on,
        rule.indicator_id, rule.stage_code, rule.points, rule.is_explicit
    from hit
    join rule on (hit.bits & rule.bit) <> 0
)
select * from final
