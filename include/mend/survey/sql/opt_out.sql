-- Until the customer asks for messages again, and across campaigns; what already waits to be sent is stopped by the relay's own check. A message
-- that is read late counts for nothing when the customer asked for messages again after it.
insert into sms_opt_out (phone_number, opted_out_at, source_code, inbound_id)
select :phone_number, :opted_out_at, :source, :inbound_id
where not exists (select from sms_opt_in where sms_opt_in.phone_number = :phone_number and sms_opt_in.opted_in_at > :opted_out_at)
on conflict (phone_number) do nothing
