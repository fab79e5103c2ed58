-- Until the customer asks for messages again, and across campaigns; what already waits to be sent is stopped by the relay's own check. A message
-- that is read late counts for nothing when the customer asked for messages again after it. Said again, it holds since the latest word.
insert into sms_opt_out (phone_number, opted_out_at, source_code, inbound_id)
select cast(:phone_number as text), cast(:opted_out_at as timestamptz), cast(:source as text), cast(:inbound_id as bigint)
where not exists (
    select from sms_opt_in where phone_number = cast(:phone_number as text) and opted_in_at > cast(:opted_out_at as timestamptz)
)
on conflict (phone_number) do update
set opted_out_at = excluded.opted_out_at, source_code = excluded.source_code, inbound_id = excluded.inbound_id
where (excluded.opted_out_at, coalesce(excluded.inbound_id, 0)) > (sms_opt_out.opted_out_at, coalesce(sms_opt_out.inbound_id, 0))
