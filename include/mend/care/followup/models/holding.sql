-- The tickets in which these service events stand.
with asked as (select event_id, 'event:' || event_id as event_key from unnest(cast(:event_ids as text[])) as given (event_id))
select event_id, follow_up_id from asked join follow_up_event using (event_key)
union
select event_id, follow_up_id from asked join follow_up_refusal using (event_key)
