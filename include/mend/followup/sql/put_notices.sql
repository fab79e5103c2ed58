-- What handlers and teams are told, each once; gives the kinds of those that were not told before.
insert into follow_up_notice (notice_key, follow_up_id, kind_code, team_code, handler_id, due_at, noticed_at)
select *
from unnest(
    cast(:notice_key as text[]), cast(:follow_up_id as text[]), cast(:kind_code as text[]), cast(:team_code as text[]),
    cast(:handler_id as text[]), cast(:due_at as timestamptz[]), cast(:noticed_at as timestamptz[])
)
on conflict do nothing
returning kind_code
