-- Service events that speak of follow-up and were not dealt with.
select
    event_id, kind_code, service_event.customer_id, about_kind_code, about_id, service_event.topic_code, city_code, happened_at, promised_at,
    null::text as survey_id, known_ticket.opened_at as filed_at
from service_event
left join known_ticket on known_ticket.ticket_id = service_event.about_id
where followed_at is null and happened_at <= :at and kind_code in ('callback_booked', 'ticket_suspended', 'complaint_filed')
order by happened_at, event_id
limit :size
