-- Complaints that were dealt with, on the matters (customers by all their ids, and topics) of tickets, from some moment on.
with
matter as (
    select *
    from unnest(cast(:customer_ids as text[]), cast(:topic_codes as text[]), cast(:sinces as timestamptz[])) as given (person_id, topic_code, since)
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
