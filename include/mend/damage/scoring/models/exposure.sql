-- The rows of mart_exposure_day. Inputs: {exposed} (rows of contact_exposure), contact_narrow.
with
exposed as ({exposed}),
final as (
    select
        contact_narrow.customer_id,
        exposed.started_on as subject_on,
        exposed.incident_on as posted_on,
        exposed.contact_count,
        exposed.incident_count,
        make_timestamptz(contact_narrow.started_us) as last_contact_at,
        contact_narrow.contact_id as last_contact_id
    from exposed join contact_narrow on exposed.contact_key = contact_narrow.rowid and exposed.started_on = contact_narrow.started_on
)
select * from final
