-- The ledger of the contacts that are looked at: debits and incident caps.
-- Inputs: {entry} (rows of contact_entry), contact_rule, contact_narrow.
with
entry as ({entry}),
-- Incidents are named after their first contact: nearly always the contact itself, else one to look up.
incident as (
    select contact_narrow.rowid as incident_key, contact_narrow.contact_id as incident_id
    from contact_narrow
    semi join (select incident_key from entry where incident_key <> contact_key) as longer on contact_narrow.rowid = longer.incident_key
),
final as (
    select
        case when entry.is_cap then 'CAP:' else '' end || contact_rule.indicator_id || ':' || contact_narrow.contact_id as entry_id,
        contact_narrow.customer_id,
        'contact' as record_code,
        contact_narrow.started_on as subject_on,
        'contact' as subject_kind_code,
        contact_narrow.contact_id as subject_id,
        contact_narrow.contact_id as cause_id,
        case when entry.is_cap then 'cap' else 'debit' end as entry_kind_code,
        contact_rule.indicator_id,
        contact_rule.stage_code,
        $rule_version as rule_version,
        entry.points,
        entry.points as offered_points,
        make_timestamptz(contact_narrow.started_us) as felt_at,
        entry.incident_on as posted_on,
        coalesce(incident.incident_id, contact_narrow.contact_id) as incident_id,
        contact_rule.is_explicit
    from entry
    join contact_rule on entry.rule_number = contact_rule.number
    join contact_narrow on entry.contact_key = contact_narrow.rowid and entry.started_on = contact_narrow.started_on
    left join incident on entry.incident_key = incident.incident_key
)
select * from final
