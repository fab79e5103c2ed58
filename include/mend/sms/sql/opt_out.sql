-- Until the customer asks for messages again; one that comes late, of before that, counts for nothing.
insert into sms_opt_out (phone_number, opted_out_at, source_code, inbound_id)
select cast(:phone_number as text), cast(:at as timestamptz), cast(:source as text), cast(:inbound_id as bigint)
where not exists (
    select from sms_opt_in where sms_opt_in.phone_number = cast(:phone_number as text) and sms_opt_in.opted_in_at > cast(:at as timestamptz)
)
on conflict (phone_number) do nothing
