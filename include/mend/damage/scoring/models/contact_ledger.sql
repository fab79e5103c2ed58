-- model: contact_ledger
-- grain: one debit or cap of a contact on one day
-- inputs: contact_entries, contact_file, contact_names, contact_rule
-- share: customer_id
-- params: day, rule_version
-- The ledger rows of a day: the names are fetched where the contact's row is, or where they were asked for apart.
with
entry as (select * from contact_entries where posted_on = $day),
contact_name as (select * from contact_names where posted_on = $day),
here as (
    select entry.*, contact.customer_id, contact.contact_id
    from (select row_number, customer_id, contact_id from contact_file where started_on = $day) as contact
    join entry on contact.row_number = entry.contact_number
    where not entry.is_apart
),
apart as (
    select entry.*, contact_name.customer_id, contact_name.contact_id
    from entry join contact_name using (contact_number)
    where entry.is_apart
),
named as (select * from here union all by name select * from apart),
final as (
    select
        named.customer_id,
        $day as posted_on,
        make_timestamptz(named.posted_us) as posted_at,
        case when named.is_cap then 'cap' else 'debit' end as entry_kind_code,
        contact_rule.indicator_id,
        $rule_version as rule_version,
        'contact' as subject_kind_code,
        named.contact_id as subject_id,
        null as cause_id,
        incident.contact_id as incident_id,
        named.points
    from named
    join contact_rule on named.rule_number = contact_rule.rule_number
    left join contact_name as incident
        on named.incident_number = incident.contact_number and named.incident_number <> named.contact_number
)
select * from final
