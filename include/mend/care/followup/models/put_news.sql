-- A customer was answered: an event for the survey dispatch, which asks whether it is solved now. It is numbered after the answer, or after
-- the last question about the ticket, whichever is more; nobody is asked about an answer who was asked since.
with
asked as (
    select happened_at, cast(split_part(about_id, '#', -1) as integer) as number
    from service_event
    where kind_code = 'follow_up_answered' and customer_id in (select customer_id from follow_up_ticket where follow_up_id = :follow_up_id)
        and starts_with(about_id, :follow_up_id || '#')
),
numbered as (select greatest(:answer_count, coalesce(max(number) + 1, 1)) as number from asked)
insert into service_event (
    event_id, kind_code, customer_id, topic_code, city_code, handler_id, about_kind_code, about_id, happened_at, source_code, taken_at,
    followed_at
)
select
    'follow_up_answered:' || follow_up_id || ':' || number, 'follow_up_answered', customer_id, topic_code, city_code, handler_id, 'ticket',
    follow_up_id || '#' || number, :at, 'follow_up', :at, :at
from follow_up_ticket cross join numbered
where follow_up_id = :follow_up_id and not exists (select from asked where happened_at >= :at)
on conflict (event_id) do nothing
