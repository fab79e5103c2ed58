-- model: ticket
-- grain: one ticket
-- inputs: ticket_file, grumble_file, complaint_file, snapshot, contact, changed, read_day
-- share: contact_id via contact_owner
-- Tickets with their city and what their text was read as. It is read again where the ticket's row or its contact came,
-- and on a day that is read wholly.
with
classified as (
    select complaint_id as ticket_id, complaint_type_code as code, confidence, classifier_version
    from complaint_file
    where classified_by_code = 'text'
    union all
    select source_id, grumble_type_code, confidence, classifier_version
    from grumble_file
    where source_kind_code = 'ticket' and classified_by_code = 'text'
),
final as (
    select
        ticket_file.ticket_id, ticket_file.customer_id, ticket_file.contact_id, ticket_file.kind_code,
        ticket_file.opened_at,
        ticket_file.opened_on, ticket_file.topic_code, ticket_file.is_escalated,
        nullif(trim(ticket_file.description_text), '') as description,
        coalesce(ticket_file.city_code, snapshot.city_code) as city_code,
        ticket_file.ticket_id in (select subject_id from changed where kind_code = 'ticket')
            or ticket_file.opened_on in (select day from read_day)
            or coalesce(ticket_file.contact_id in (select contact_id from contact), false) as is_to_read,
        classified.code as read_code, classified.confidence as read_confidence, classified.classifier_version
            as read_version
    from ticket_file
    left join snapshot
        on snapshot.customer_id = ticket_file.customer_id
            and snapshot.month_on = date_trunc('month', ticket_file.opened_on)
    left join classified on classified.ticket_id = ticket_file.ticket_id
)
select * from final
