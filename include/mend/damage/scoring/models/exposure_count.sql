-- model: exposure_count
-- grain: one customer on a day that is scored
-- inputs: contact_incident, contact_tie, scored_day
-- share: customer_id
-- Contacts and incidents that began on the day, and the number of the last contact. A day's contacts are together, so
-- its counts are how far the places and the incidents came since the last contact of the customer's day before.
-- Last contacts at places 2 and 5, the latter in incident 3, the former in incident 2: three contacts, one incident.
with
last_contact as (
    select
        *,
        place - lag(place, 1, 0) over () as contact_count,
        incident_place - lag(incident_place, 1, 0) over () as incident_count
    from contact_incident
    where is_last_of_day
),
final as (
    select
        last_contact.started_on,
        cast(last_contact.contact_count as integer) as contact_count,
        cast(last_contact.incident_count as integer) as incident_count,
        coalesce(tie.contact_number, last_contact.contact_number) as contact_number
    from last_contact
    semi join scored_day on last_contact.started_on = scored_day.day
    left join contact_tie as tie on last_contact.place = tie.place
    order by last_contact.started_on
)
select * from final
