-- Something that the customer is to hear or be asked, as an event for the survey dispatch.
insert into service_event (
    event_id, kind_code, customer_id, topic_code, city_code, handler_id, about_kind_code, about_id, happened_at, promised_at, source_code,
    taken_at, followed_at
)
select
    :event_id, :kind, customer_id, topic_code, city_code, handler_id, 'ticket', :about_id, :at, cast(:promised_at as timestamptz), 'follow_up',
    :at, :at
from follow_up_ticket
where follow_up_id = :follow_up_id
on conflict (event_id) do nothing
