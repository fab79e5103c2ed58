insert into sms_link as link (account_code, owner_code, state_code, since_at, seen_at)
values (:account, :owner, :state, :at, :at)
on conflict (account_code) do update set
  owner_code = excluded.owner_code,
  state_code = excluded.state_code,
  since_at = case when (link.owner_code, link.state_code) = (excluded.owner_code, excluded.state_code) then link.since_at else excluded.since_at end,
  seen_at = excluded.seen_at
