-- Complaints. Inputs: ticket_part, snapshot.
with
final as (
    select
        ticket_part.ticket_id as complaint_id,
        ticket_part.customer_id,
        ticket_part.opened_at as complained_at,
        ticket_part.opened_on as complained_on,
        ticket_part.type_code as complaint_type_code,
        ticket_part.classified_by_code,
        ticket_part.confidence,
        ticket_part.classifier_version,
        ticket_part.is_escalated,
        coalesce(ticket_part.city_code, snapshot.city_code) as city_code
    from ticket_part
    left join snapshot on snapshot.customer_id = ticket_part.customer_id and snapshot.month_on = date_trunc('month', ticket_part.opened_on)
    where ticket_part.kind_code = 'complaint'
)
select * from final
