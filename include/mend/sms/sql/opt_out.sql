insert into sms_opt_out (phone_number, opted_out_at, source_code, inbound_id)
values (:phone_number, :at, :source, :inbound_id)
on conflict (phone_number) do nothing
