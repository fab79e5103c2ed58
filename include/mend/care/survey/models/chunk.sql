-- The next events to decide on, in order, after the last one looked at.
create temp table chunk on commit drop as
select event_id, happened_at
from service_event
where dispatched_at is null and happened_at <= :at
    and (happened_at, event_id) > (cast(:after_at as timestamptz), cast(:after_id as text))
order by happened_at, event_id
limit :size
