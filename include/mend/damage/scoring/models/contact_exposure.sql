-- Contacts and incidents of a customer on a day, by the last contact of each group. By day, so that a day's rows lie together.
-- Input: contact_incident.
with final as (
    select contact_key, started_on, incident_on, contact_count, incident_count
    from contact_incident
    where is_target and is_last_of_group
    order by started_on
)
select * from final
