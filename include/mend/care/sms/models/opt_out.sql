-- Until the customer asks for messages again; one that comes late, of before that, counts for nothing. Said again, it holds since the latest
-- word: messages asked for before that are not asked for any more.
insert into sms_opt_out (phone_number, opted_out_at, source_code, inbound_id)
select cast(:phone_number as text), cast(:at as timestamptz), cast(:source as text), cast(:inbound_id as bigint)
where not exists (
    select from sms_opt_in where sms_opt_in.phone_number = cast(:phone_number as text) and sms_opt_in.opted_in_at > cast(:at as timestamptz)
)
on conflict (phone_number) do update
set opted_out_at = excluded.opted_out_at, source_code = excluded.source_code, inbound_id = excluded.inbound_id
where (excluded.opted_out_at, coalesce(excluded.inbound_id, 0)) > (sms_opt_out.opted_out_at, coalesce(sms_opt_out.inbound_id, 0))
