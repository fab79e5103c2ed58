-- model: exposure_count
-- grain: one customer on a day that is scored
-- inputs: contact_incident, scored_day
-- share: customer_id
-- Contacts and incidents that began on the day, and the number of the last contact.
with
contact as (select * from contact_incident semi join scored_day on contact_incident.started_on = scored_day.day),
counted as (
    select
        customer_number,
        started_on,
        cast(count(*) as integer) as contact_count,
        cast(count(case when incident_place = place then 1 end) as integer) as incident_count,
        max_by(contact_number, place) as contact_number
    from contact
    group by customer_number, started_on
),
final as (
    select started_on, contact_count, incident_count, contact_number
    from counted
    order by started_on
)
select * from final
