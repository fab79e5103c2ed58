-- model: touched_day
-- grain: one day that is recorded again
-- inputs: change, read_day, reply_now, reply_version, repair_now, repair_version, ticket_now, ticket_version, recent_ticket, recent_grumble, recent_complaint
-- Days of contacts and tickets whose rows came, and of those that such rows speak of, now or in an earlier version:
-- what replies and repairs are about, the contacts of tickets and the tickets of contacts, and what a customer said
-- whose snapshot of that month came (it names the city).
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
changed_reply as (select reply.* from reply semi join change on change.record_code = 'survey_reply'
    and change.subject_id = reply.survey_id),
changed_repair as (select repair.* from repair semi join change on change.record_code = 'repair_action'
    and change.subject_id = repair.repair_id),
changed_contact as (
    select subject_id as contact_id from change where record_code = 'contact'
    union
    select source_id from recent_grumble where source_kind_code = 'contact'
        and grumbled_on in (select day from read_day)
),
named as (
    select about_kind_code as kind_code, about_id as subject_id from changed_reply
    union
    select 'contact', contact_id from changed_repair
    union
    select 'ticket', ticket_id from changed_repair
    union
    select 'contact', ticket.contact_id
    from ticket semi join change on change.record_code = 'ticket' and change.subject_id = ticket.ticket_id
    union
    select 'ticket', subject_id from change where record_code = 'ticket'
),
ticket_named as (
    select recent_ticket.contact_id, recent_ticket.opened_on
    from recent_ticket
    semi join named on named.kind_code = 'ticket' and named.subject_id = recent_ticket.ticket_id
),
contact_named as (
    select subject_id as contact_id from named where kind_code = 'contact' and subject_id is not null
    union
    select contact_id from ticket_named where contact_id is not null
),
customer_named as (
    select customer_id, subject_on as month_on from change where record_code = 'customer' and customer_id is not null
),
final as (
    select subject_on as day from change where record_code in ('contact', 'ticket')
    union
    select day from read_day
    union
    select opened_on from ticket_named
    union
    select recent_ticket.opened_on from recent_ticket semi join changed_contact using (contact_id)
    union
    select recent_grumble.grumbled_on
    from recent_grumble
    semi join contact_named on recent_grumble.source_kind_code = 'contact'
        and contact_named.contact_id = recent_grumble.source_id
    union
    select recent_grumble.grumbled_on
    from recent_grumble
    semi join customer_named
        on customer_named.customer_id = recent_grumble.customer_id
        and customer_named.month_on = date_trunc('month', recent_grumble.grumbled_on)
    union
    select recent_complaint.complained_on
    from recent_complaint
    semi join customer_named
        on customer_named.customer_id = recent_complaint.customer_id
        and customer_named.month_on = date_trunc('month', recent_complaint.complained_on)
)
select * from final
