-- model: contacted
-- grain: one customer with contacts in the month
-- inputs: exposure
-- share: customer_id
-- Exposure and the last contact. Of contacts of one moment (a person's two ids) the last by id.
with
total as (
    select
        customer_id,
        max(struct_pack(moment := last_contact_at, id := last_contact_id)) as latest,
        cast(sum(contact_count) as integer) as contact_count,
        cast(sum(incident_count) as integer) as incident_count
    from exposure
    group by customer_id
),
final as (
    select customer_id, latest.moment as contact_at, latest.id as contact_id, contact_count, incident_count from total
)
select * from final
