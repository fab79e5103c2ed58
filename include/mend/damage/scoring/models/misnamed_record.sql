-- model: misnamed_record
-- grain: one record that names another customer's contact or ticket
-- inputs: near_contact, file_ticket_version, file_survey_reply, file_callback_booking, file_repair_action, same_person
-- params: first_day, end_day
-- It repairs nothing there and damages nothing there: a person looks at who was meant.
with
record as (
    select replied_on as recorded_on, 'survey_reply' as record_code, survey_id as record_id, customer_id,
        about_kind_code as subject_kind_code, about_id as subject_id
    from file_survey_reply where about_kind_code in ('contact', 'ticket')
    union all
    select requested_on, 'callback_booking', booking_id, customer_id, 'contact', contact_id from file_callback_booking
    union all
    select done_on, 'repair_action', repair_id, customer_id, 'contact', contact_id from file_repair_action
    union all
    select done_on, 'repair_action', repair_id, customer_id, 'ticket', ticket_id from file_repair_action
),
asked as (
    select * from record
    where recorded_on >= $first_day and recorded_on < $end_day and customer_id is not null and subject_id is not null
),
named as (select subject_id from asked),
owner as (
    select 'contact' as subject_kind_code, contact_id as subject_id, customer_id as owner_id
    from near_contact where contact_id in (select subject_id from named)
    union
    select 'ticket' as subject_kind_code, ticket_id as subject_id, customer_id as owner_id
    from file_ticket_version where ticket_id in (select subject_id from named)
),
known as (
    select asked.*, owner.owner_id, asked.customer_id = owner.owner_id or same_person.other_id is not null as is_own
    from asked
    join owner using (subject_kind_code, subject_id)
    left join same_person
        on asked.customer_id = same_person.customer_id and owner.owner_id = same_person.other_id
        and asked.recorded_on between same_person.first_on and same_person.last_on
    where owner.owner_id is not null
),
final as (
    select
        recorded_on, record_code, record_id, customer_id, subject_kind_code, subject_id, min(owner_id) as owner_id
    from known
    group by recorded_on, record_code, record_id, customer_id, subject_kind_code, subject_id
    having not bool_or(is_own)
)
select * from final
