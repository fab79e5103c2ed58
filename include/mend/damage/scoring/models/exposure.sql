-- model: exposure
-- grain: one customer on one day
-- inputs: exposure_row, contact_file
-- share: customer_id
-- params: day
-- The rows of mart_exposure_day, named by their last contact.
with
counted as (select * from exposure_row where started_on = $day),
contact as (select row_number, customer_id, contact_id, started_at from contact_file where started_on = $day),
final as (
    select
        contact.customer_id,
        $day as subject_on,
        counted.contact_count,
        counted.incident_count,
        contact.started_at as last_contact_at,
        contact.contact_id as last_contact_id
    from contact join counted on contact.row_number = counted.contact_number
)
select * from final
