-- One row per indicator that a contact hit. Inputs: contact_hit (bits after families), contact_rule.
with
hit as (select * from contact_hit),
rule as (select * from contact_rule),
final as (
    select
        hit.customer_id, hit.contact_id, hit.started_at, hit.started_on, hit.incident_id,
        cast(hit.incident_at as date) as posted_on,
        rule.indicator_id, rule.stage_code, rule.points, rule.is_explicit
    from hit
    join rule on (hit.bits & rule.bit) <> 0
)
select * from final
