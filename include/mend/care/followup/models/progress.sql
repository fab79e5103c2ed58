-- A progress message for each span that a suspended ticket has slept through, up to its waking.
insert into service_event (
    event_id, kind_code, customer_id, topic_code, city_code, handler_id, about_kind_code, about_id, happened_at, promised_at, source_code,
    taken_at, followed_at
)
select
    'follow_up_progress:' || follow_up_id || ':' || number, 'follow_up_progress', customer_id, topic_code, city_code, handler_id, 'ticket',
    follow_up_id || '#p' || number, opened_at + number * cast(:every as interval), wake_at, 'follow_up', :at, :at
from follow_up_ticket
cross join lateral generate_series(
    1, floor(extract(epoch from least(:at, wake_at - interval '1 second') - opened_at) / extract(epoch from cast(:every as interval)))::integer
) as spans (number)
where follow_up_id = any(cast(:ids as text[])) and measure_code = :measure and state_code = 'suspended' and wake_at is not null
on conflict (event_id) do nothing
returning event_id
