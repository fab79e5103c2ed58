-- model: exposure_count
-- grain: one customer on a day that is scored
-- inputs: contact_incident, scored_day
-- share: customer_id
-- Contacts and incidents that began on the day, and the place of the last contact.
with
contact as (select * from contact_incident semi join scored_day on contact_incident.started_on = scored_day.day),
counted as (
    select
        customer_number,
        started_on,
        cast(count(*) as integer) as contact_count,
        cast(count(case when incident_place = place then 1 end) as integer) as incident_count,
        max(place) as place
    from contact
    group by customer_number, started_on
),
final as (
    select counted.started_on, counted.contact_count, counted.incident_count, contact.contact_number
    from counted join contact using (place)
    order by counted.started_on
)
select * from final
