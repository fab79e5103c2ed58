-- model: statement
-- grain: one thing that a customer said
-- inputs: grumble, complaint_ticket, ticket_owner, reply, explicit_entry, rating_grade, person_of_customer
-- params: grumble_grade, complaint_grade, last_day
-- Grumbles, complaints, poor ratings, and debits of explicit indicators, by what they are about: a contact, a ticket,
-- or the reply itself.
with
grumbled as (
    select 'grumble' as said_by, grumble_id as id, customer_id, grumbled_at as said_at, $grumble_grade as grade,
        source_kind_code as subject_kind_code, source_id as subject_id, cast(null as varchar) as survey_id
    from grumble
),
complained as (
    select 'complaint' as said_by, ticket_id as id,
    coalesce(complaint_ticket.customer_id, ticket_owner.customer_id) as customer_id,
        opened_at as said_at, $complaint_grade as grade, 'ticket' as subject_kind_code, ticket_id as subject_id,
        cast(null as varchar) as survey_id
    from complaint_ticket
    left join ticket_owner using (ticket_id)
    where kind_code = 'complaint'
),
posted as (
    select 'debit' as said_by, subject_id || '|' || coalesce(cause_id, '') as id, customer_id, posted_at as said_at,
    grade,
        subject_kind_code, subject_id, case when subject_kind_code = 'reply' then subject_id else cause_id end
            as survey_id
    from explicit_entry
),
-- A rating that names nobody is that of whom its debit was posted on.
rated as (
    select 'rating' as said_by, reply.survey_id as id,
    coalesce(reply.customer_id, min(posted.customer_id)) as customer_id,
        reply.replied_at as said_at, max(rating_grade.grade) as grade,
        case when reply.about_kind_code in ('contact', 'ticket') then reply.about_kind_code
            else 'reply' end as subject_kind_code,
        case when reply.about_kind_code in ('contact', 'ticket') then reply.about_id
            else reply.survey_id end as subject_id,
        reply.survey_id
    from reply
    join rating_grade on reply.score_scale = rating_grade.scale
        and reply.score between rating_grade.lowest and rating_grade.highest
    left join posted on reply.survey_id = posted.survey_id
    group by reply.survey_id, reply.customer_id, reply.replied_at, reply.about_kind_code, reply.about_id
),
said as (from grumbled union all by name from complained union all by name from posted union all by name from rated),
final as (
    select said.* replace (coalesce(person_of_customer.person_id, said.customer_id) as customer_id)
    from said
    left join person_of_customer on said.customer_id = person_of_customer.customer_id
    where said.customer_id is not null and cast(said.said_at as date) <= $last_day
)
select * from final
