-- What handlers and teams are told, each once; one that a late event had overtaken is told as it is now. Gives the kinds of those that were
-- not told before.
insert into follow_up_notice (notice_key, follow_up_id, kind_code, team_code, handler_id, due_at, noticed_at)
select *
from unnest(
    cast(:notice_key as text[]), cast(:follow_up_id as text[]), cast(:kind_code as text[]), cast(:team_code as text[]),
    cast(:handler_id as text[]), cast(:due_at as timestamptz[]), cast(:noticed_at as timestamptz[])
)
on conflict (notice_key) do update set
    follow_up_id = excluded.follow_up_id, team_code = excluded.team_code, handler_id = excluded.handler_id, due_at = excluded.due_at,
    noticed_at = excluded.noticed_at, overtaken_by = null
where follow_up_notice.overtaken_by is not null
returning kind_code
