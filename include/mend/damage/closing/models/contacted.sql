-- model: contacted
-- grain: one customer with contacts in the month
-- inputs: exposure
-- share: customer_id
-- Exposure and the last contact. Of contacts of one moment (a person's two ids) the last by id.
with
total as (
    select
        customer_id,
        max(last_contact_at) as contact_at,
        cast(sum(contact_count) as integer) as contact_count,
        cast(sum(incident_count) as integer) as incident_count
    from exposure
    group by customer_id
),
final as (
    select total.customer_id, total.contact_at, total.contact_count, total.incident_count, max(exposure.last_contact_id) as contact_id
    from total
    join exposure on total.customer_id = exposure.customer_id and total.contact_at = exposure.last_contact_at
    group by all
)
select * from final
