-- The events of the chunk are decided, but for those whose message waits for the next batch.
update service_event
set dispatched_at = :at
from chunk
where service_event.event_id = chunk.event_id and not exists (select from verdict where verdict.event_id = chunk.event_id and is_deferred)
