-- Contacts and incidents of a customer on a day. Inputs: contact_placed, contact_narrow.
with
final as (
    select
        contact_narrow.customer_id,
        contact_placed.started_on as subject_on,
        contact_placed.incident_on as posted_on,
        contact_placed.contact_count,
        contact_placed.incident_count,
        contact_narrow.started_at as last_contact_at,
        contact_narrow.contact_id as last_contact_id
    from contact_placed join contact_narrow on contact_placed.contact_key = contact_narrow.rowid
    where contact_placed.is_target and contact_placed.is_last_of_group
)
select * from final
