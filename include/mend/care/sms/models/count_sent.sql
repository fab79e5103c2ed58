insert into sms_account_day as day (account_code, sent_on, sent_count)
values (:account, :day, :count)
on conflict (account_code, sent_on) do update set sent_count = day.sent_count + excluded.sent_count
