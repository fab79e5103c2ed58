insert into sms_account (account_code, transport_code, sender_number, window_size, max_a_second, max_a_day, reserved_a_day)
values (:account_code, :transport_code, :sender_number, :window_size, :max_a_second, :max_a_day, :reserved_a_day)
on conflict (account_code) do update set
  transport_code = excluded.transport_code,
  sender_number = excluded.sender_number,
  window_size = excluded.window_size,
  max_a_second = excluded.max_a_second,
  max_a_day = excluded.max_a_day,
  reserved_a_day = excluded.reserved_a_day
