-- model: contact_name
-- grain: one contact whose id is asked for apart from its day's rows
-- inputs: contact_debit, contact_file, scored_day
-- share: customer_id
-- params: cap_points
-- Ids of contacts whose entries are posted on another day than they began, of the first contacts of longer incidents,
-- and of contacts with entries that were decided in the same moment as another contact's of an incident over the cap:
-- the id settles their order.
with
over_cap as (select incident_number from contact_debit group by incident_number having sum(points) > $cap_points),
crowded as (
    select incident_number, posted_us
    from contact_debit semi join over_cap using (incident_number)
    group by incident_number, posted_us
    having min(contact_number) <> max(contact_number)
),
posted as (select * from contact_debit semi join scored_day on contact_debit.posted_on = scored_day.day),
asked as (
    select contact_number from posted where is_apart
    union
    select incident_number from posted where incident_number <> contact_number
    union
    select contact_number from contact_debit semi join crowded using (incident_number, posted_us)
),
final as (
    select contact_file.row_number as contact_number, contact_file.contact_id, contact_file.customer_id
    from contact_file semi join asked on contact_file.row_number = asked.contact_number
)
select * from final
