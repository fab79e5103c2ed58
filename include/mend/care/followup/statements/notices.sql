-- statement: put_notices
-- What handlers and teams are told, each once; one that a late event had overtaken is told as it is now. Gives the
-- kinds of those that were
-- not told before.
insert into follow_up_notice (notice_key, follow_up_id, kind_code, team_code, handler_id, due_at, noticed_at)
select *
from unnest(
    cast(:notice_key as text[]), cast(:follow_up_id as text[]), cast(:kind_code as text[]), cast(:team_code as text[]),
    cast(:handler_id as text[]), cast(:due_at as timestamptz[]), cast(:noticed_at as timestamptz[])
)
on conflict (notice_key) do update set
    follow_up_id = excluded.follow_up_id, team_code = excluded.team_code, handler_id = excluded.handler_id,
    due_at = excluded.due_at,
    noticed_at = excluded.noticed_at, overtaken_by = null
where follow_up_notice.overtaken_by is not null
returning kind_code

-- statement: overtake_notices
-- Notices of a replayed ticket that do not hold any more, marked with the late event that overtook them.
update follow_up_notice
set overtaken_by = :late_key
where follow_up_id = :follow_up_id and overtaken_by is null and notice_key <> all(cast(:keys as text[]))

-- statement: progress
-- An event for each span that a suspended ticket has slept through, up to its waking: a progress message.
select
    'follow_up_progress:' || follow_up_id || ':' || number as event_id, 'follow_up_progress' as kind_code, customer_id,
    topic_code, city_code,
    handler_id, 'ticket' as about_kind_code, follow_up_id || '#p' || number as about_id,
    opened_at + number * cast(:every as interval) as happened_at, wake_at as promised_at
from follow_up_ticket
cross join lateral generate_series(
    1, floor(extract(epoch from least(:at, wake_at - interval '1 second') - opened_at)
        / extract(epoch from cast(:every as interval)))::integer
) as spans (number)
where follow_up_id = any(cast(:ids as text[])) and measure_code = :measure and state_code = 'suspended'
    and wake_at is not null

-- statement: news
-- A customer was answered: an event for the survey dispatch, which asks whether it is solved now. It is numbered after
-- the answer, or after
-- the last question about the ticket, whichever is more; nobody is asked about an answer who was asked since.
with
asked as (
    select happened_at, cast(split_part(about_id, '#', -1) as integer) as number
    from service_event
    where kind_code = 'follow_up_answered'
        and customer_id in (select customer_id from follow_up_ticket where follow_up_id = :follow_up_id)
        and starts_with(about_id, :follow_up_id || '#')
),
numbered as (select greatest(:answer_count, coalesce(max(number) + 1, 1)) as number from asked)
select
    'follow_up_answered:' || follow_up_id || ':' || number as event_id, 'follow_up_answered' as kind_code, customer_id,
    topic_code, city_code,
    handler_id, 'ticket' as about_kind_code, follow_up_id || '#' || number as about_id, cast(:at as timestamptz)
        as happened_at
from follow_up_ticket cross join numbered
where follow_up_id = :follow_up_id and not exists (select from asked where happened_at >= :at)
