-- statement: answer
-- Answers that follow-up has not dealt with: 'unsolved' to a question, and any word on a follow-up.
select
    survey.survey_id, trigger_code, purpose_code, survey.customer_id, survey.about_kind_code, survey.about_id,
    survey.topic_code,
    survey.city_code, replied_at, is_solved, null::timestamptz as promised_at, known_ticket.opened_at as filed_at
from survey
left join known_ticket on known_ticket.ticket_id = survey.about_id
where survey.state_code = 'answered' and is_solved is not null and replied_at <= :at
    and (trigger_code = 'follow_up_answered' or not is_solved
        and purpose_code in ('complex_question', 'second_follow_up'))
    and not exists (select from follow_up_event where event_key = 'survey:' || survey.survey_id)
    and not exists (select from follow_up_refusal where event_key = 'survey:' || survey.survey_id)
order by replied_at, survey.survey_id
limit :size

-- statement: service_event
-- Service events that speak of follow-up and were not dealt with.
select
    event_id, kind_code, service_event.customer_id, about_kind_code, about_id, service_event.topic_code, city_code,
    happened_at, promised_at,
    null::text as survey_id, known_ticket.opened_at as filed_at
from service_event
left join known_ticket on known_ticket.ticket_id = service_event.about_id
where followed_at is null and happened_at <= :at
    and kind_code in ('callback_booked', 'callback_made', 'ticket_suspended', 'complaint_filed')
order by happened_at, event_id
limit :size

-- statement: complaint
-- Complaints that were dealt with, on the matters (customers by all their ids, and topics) of tickets, from some moment
-- on.
with
matter as (
    select *
    from unnest(cast(:customer_ids as text[]), cast(:topic_codes as text[]),
        cast(:sinces as timestamptz[])) as given (person_id, topic_code, since)
),
named as (
    select person_id as customer_id, topic_code, since from matter
    union
    select customer_person.customer_id, topic_code, since from matter join customer_person using (person_id)
)
select distinct event_id, service_event.customer_id, service_event.topic_code, about_id, happened_at
from service_event
join named
    on service_event.customer_id = named.customer_id and service_event.topic_code is not distinct from named.topic_code
    and service_event.happened_at >= named.since
where kind_code = 'complaint_filed' and happened_at <= :at and followed_at is not null
order by happened_at, event_id

-- statement: holding
-- The tickets in which these service events stand.
with asked as (select event_id, 'event:' || event_id as event_key
    from unnest(cast(:event_ids as text[])) as given (event_id))
select event_id, follow_up_id from asked join follow_up_event using (event_key)
union
select event_id, follow_up_id from asked join follow_up_refusal using (event_key)
