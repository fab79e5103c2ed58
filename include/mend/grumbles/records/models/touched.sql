-- Contacts and tickets that changed rows speak of, now or in an earlier version: changed tickets and their contacts, what replies and
-- repairs are about, and what a customer said whose snapshot of that month came (it names the city); and the contacts of all these tickets.
-- Inputs: change, reply_now, reply_version, repair_now, repair_version, ticket_now, ticket_version, recent_ticket, recent_grumble,
-- recent_complaint, whole_day.
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
ticket as (
    select ticket_id, contact_id from ticket_now
    union
    select ticket_id, contact_id from ticket_version
),
changed_reply as (select reply.* from reply semi join change on change.record_code = 'survey_reply' and change.subject_id = reply.survey_id),
changed_repair as (select repair.* from repair semi join change on change.record_code = 'repair_action' and change.subject_id = repair.repair_id),
named as (
    select about_kind_code as kind_code, about_id as subject_id from changed_reply
    union all
    select 'contact', contact_id from changed_repair
    union all
    select 'ticket', ticket_id from changed_repair
    union all
    select 'contact', ticket.contact_id
    from ticket semi join change on change.record_code = 'ticket' and change.subject_id = ticket.ticket_id
    union all
    select 'ticket', subject_id from change where record_code = 'ticket'
    union all
    select source_kind_code, source_id
    from recent_grumble
    semi join change
        on change.record_code = 'customer' and change.customer_id = recent_grumble.customer_id
        and change.subject_on = date_trunc('month', recent_grumble.grumbled_on)
    union all
    select 'ticket', complaint_id
    from recent_complaint
    semi join change
        on change.record_code = 'customer' and change.customer_id = recent_complaint.customer_id
        and change.subject_on = date_trunc('month', recent_complaint.complained_on)
),
final as (
    select kind_code, subject_id from named where kind_code in ('contact', 'ticket') and subject_id is not null
    union
    select 'contact', contact_id
    from recent_ticket
    where contact_id is not null and (
        ticket_id in (select subject_id from named where kind_code = 'ticket' and subject_id is not null)
        or opened_on in (select day from whole_day))
)
select * from final
