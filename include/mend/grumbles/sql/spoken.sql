-- Contacts and tickets that changed replies and repairs speak of, or spoke of in an earlier version. Inputs: change, reply_now,
-- reply_version, repair_now, repair_version, recent_ticket.
with
reply as (
    select survey_id, about_kind_code, about_id from reply_now
    union
    select survey_id, about_kind_code, about_id from reply_version
),
repair as (
    select repair_id, contact_id, ticket_id from repair_now
    union
    select repair_id, contact_id, ticket_id from repair_version
),
named as (
    select reply.about_kind_code as kind_code, reply.about_id as subject_id
    from reply join change on change.record_code = 'survey_reply' and change.subject_id = reply.survey_id
    union
    select 'contact', repair.contact_id
    from repair join change on change.record_code = 'repair_action' and change.subject_id = repair.repair_id
    union
    select 'ticket', repair.ticket_id
    from repair join change on change.record_code = 'repair_action' and change.subject_id = repair.repair_id
),
final as (
    select kind_code, subject_id from named where kind_code in ('contact', 'ticket') and subject_id is not null
    union
    select 'contact', recent_ticket.contact_id
    from recent_ticket join named on named.kind_code = 'ticket' and named.subject_id = recent_ticket.ticket_id
    where recent_ticket.contact_id is not null
)
select * from final
