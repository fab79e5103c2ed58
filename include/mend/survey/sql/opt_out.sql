-- For ever and across campaigns; what already waits to be sent is stopped by the relay's own check.
insert into sms_opt_out (phone_number, opted_out_at, source_code, inbound_id)
values (:phone_number, :opted_out_at, 'reply', :inbound_id)
on conflict (phone_number) do nothing
