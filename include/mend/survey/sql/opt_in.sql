-- Messages again: the opt-out in force goes, the message that asks for it stays as proof, with the opt-out it lifts. Nothing when none is in
-- force, or when a later message opted out.
with
lifted as (
    delete from sms_opt_out
    where phone_number = cast(:phone_number as text) and opted_out_at <= cast(:opted_in_at as timestamptz)
        and not exists (
            select from survey_reply
            join sms_inbound using (inbound_id)
            where sms_inbound.phone_number = cast(:phone_number as text) and survey_reply.meaning_code = 'opt_out'
                and survey_reply.received_at > cast(:opted_in_at as timestamptz)
        )
    returning phone_number, opted_out_at, source_code, inbound_id
)
insert into sms_opt_in (
    inbound_id, phone_number, opted_in_at, text, is_for_marketing, opted_out_at, opt_out_source_code, opt_out_inbound_id
)
select
    cast(:inbound_id as bigint), phone_number, cast(:opted_in_at as timestamptz), cast(:text as text), cast(:is_for_marketing as boolean),
    opted_out_at, source_code, inbound_id
from lifted
returning inbound_id
