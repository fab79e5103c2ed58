-- model: contact_name
-- grain: one contact whose id is asked for on a day, apart from its own day's rows
-- inputs: contact_debit, incident_over_cap, contact_file, scored_day
-- share: customer_id
-- Ids of contacts whose entries are posted on another day than they began, of the first contacts of longer incidents,
-- and of contacts with entries that were decided in the same moment as another contact's of an incident over the cap:
-- the id settles their order.
with
crowded as (
    select incident_number, posted_us
    from contact_debit semi join incident_over_cap using (incident_number)
    group by incident_number, posted_us
    having min(contact_number) <> max(contact_number)
),
posted as (select * from contact_debit semi join scored_day on contact_debit.posted_on = scored_day.day),
asked as (
    select posted_on, contact_number from posted where is_apart
    union
    select posted_on, incident_number from posted where incident_number <> contact_number
    union
    select posted_on, contact_number from contact_debit semi join crowded using (incident_number, posted_us)
),
final as (
    select asked.posted_on, asked.contact_number, contact_file.contact_id, contact_file.customer_id
    from contact_file join asked on contact_file.row_number = asked.contact_number
)
select * from final
