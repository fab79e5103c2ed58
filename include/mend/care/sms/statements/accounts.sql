-- statement: account
insert into sms_account (account_code, transport_code, sender_number, window_size, max_a_second, max_a_day,
    reserved_a_day)
values (:account_code, :transport_code, :sender_number, :window_size, :max_a_second, :max_a_day, :reserved_a_day)
on conflict (account_code) do update set
  transport_code = excluded.transport_code,
  sender_number = excluded.sender_number,
  window_size = excluded.window_size,
  max_a_second = excluded.max_a_second,
  max_a_day = excluded.max_a_day,
  reserved_a_day = excluded.reserved_a_day

-- statement: seen
insert into sms_link as link (account_code, owner_code, state_code, since_at, seen_at)
values (:account, :owner, :state, :at, :at)
on conflict (account_code) do update set
  owner_code = excluded.owner_code,
  state_code = excluded.state_code,
  since_at = case when (link.owner_code, link.state_code) = (excluded.owner_code, excluded.state_code)
      then link.since_at else excluded.since_at end,
  seen_at = excluded.seen_at
