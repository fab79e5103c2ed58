-- model: reply_feature
-- grain: one survey reply
-- inputs: file_survey_reply, file_ticket_version, contact_place, same_person
-- share: customer_id
-- params: since_day, first_day, ticket_reach_days, rated_reach_days
-- What a reply speaks of: a contact or ticket of the same customer that is known on its day, else the reply stands for
-- itself (a campaign, a survey of the province, a contact that nobody knows yet or that is another customer's). Of the
-- days before the first one only replies about what is spoken of again: the first reply counts.
with
spoken_of as (
    select distinct about_id from file_survey_reply where about_id is not null and replied_on >= $first_day
),
reply as (
    select * from file_survey_reply
    where customer_id is not null and replied_on >= $since_day
        and (replied_on >= $first_day or about_id in (select about_id from spoken_of))
),
ticket as (
    select
        *,
        lag(version_at) over states is null as is_first,
        coalesce(lead(version_at) over states, cast('infinity' as timestamptz)) as next_version_at
    from file_ticket_version
    where ticket_id in (select about_id from reply where about_kind_code = 'ticket')
    window states as (partition by ticket_id order by version_at)
),
known as (
    select
        'contact' as about_kind_code, contact_id as about_id, customer_id as owner_id, incident_id,
        cast('-infinity' as timestamptz) as owned_from, cast('infinity' as timestamptz) as owned_until,
        cast(started_at as date) as first_on, cast(started_at as date) + $rated_reach_days as last_on
    from contact_place
    union all by name
    select
        'ticket' as about_kind_code, ticket_id as about_id, customer_id as owner_id,
        case when is_first then cast('-infinity' as timestamptz) else version_at end as owned_from,
        next_version_at as owned_until, opened_on as first_on, opened_on + $ticket_reach_days as last_on
    from ticket
),
meant as (
    select distinct reply.survey_id, known.about_kind_code, known.about_id, nullif(known.incident_id, known.about_id)
        as incident_id
    from reply
    join known
        on reply.about_kind_code = known.about_kind_code and reply.about_id = known.about_id
        and reply.replied_on between known.first_on and known.last_on
        and reply.replied_at >= known.owned_from and reply.replied_at < known.owned_until
    left join same_person
        on reply.customer_id = same_person.customer_id and known.owner_id = same_person.other_id
        and reply.replied_on between same_person.first_on and same_person.last_on
    where reply.customer_id = known.owner_id or same_person.other_id is not null
),
final as (
    select
        reply.*,
        coalesce(meant.about_kind_code, 'reply') as subject_kind_code,
        coalesce(meant.about_id, reply.survey_id) as subject_id,
        case when meant.about_id is not null then reply.survey_id end as debit_cause_id,
        reply.survey_id as credit_cause_id,
        meant.incident_id,
        case when reply.about_kind_code = 'contact' then reply.about_id end as repaired_contact_id,
        case when reply.about_kind_code = 'ticket' then reply.about_id end as repaired_ticket_id
    from reply left join meant using (survey_id)
)
select * from final
