-- statement: opt_out
-- Until the customer asks for messages again, and across campaigns; what already waits to be sent is stopped by the
-- relay's own check. A message
-- that is read late counts for nothing when the customer asked for messages again after it. Said again, it holds since
-- the latest word.
insert into sms_opt_out (phone_number, opted_out_at, source_code, inbound_id)
select cast(:phone_number as text), cast(:opted_out_at as timestamptz), cast(:source as text),
cast(:inbound_id as bigint)
where not exists (
    select from sms_opt_in where phone_number = cast(:phone_number as text)
        and opted_in_at > cast(:opted_out_at as timestamptz)
)
on conflict (phone_number) do update
set opted_out_at = excluded.opted_out_at, source_code = excluded.source_code, inbound_id = excluded.inbound_id
where (excluded.opted_out_at, coalesce(excluded.inbound_id, 0))
    > (sms_opt_out.opted_out_at, coalesce(sms_opt_out.inbound_id, 0))

-- statement: opt_in
-- Messages again: the opt-out in force goes, of the number and of the person who has it by now; the message that asks
-- for it stays as proof, with
-- the opt-out it lifts. Nothing when none is in force, when a later message opted out, or when nobody knows whose the
-- number is.
with
holder as (
    select distinct coalesce(customer_person.person_id, contact_address.customer_id) as person_id
    from contact_address
    left join customer_person using (customer_id)
    where contact_address.phone_number = cast(:phone_number as text) and contact_address.is_active
),
permitted as (
    select cast(:phone_number as text) as phone_number
    where (select count(*) from holder) <= 1
        and not exists (
            select from survey_reply
            join sms_inbound using (inbound_id)
            where sms_inbound.phone_number = cast(:phone_number as text) and survey_reply.meaning_code = 'opt_out'
                and survey_reply.received_at > cast(:opted_in_at as timestamptz)
        )
        -- The relay enters an opt-out before anybody reads it.
        and not exists (
            select from sms_opt_out
            where phone_number = cast(:phone_number as text)
                and (opted_out_at, coalesce(inbound_id, 0))
                    > (cast(:opted_in_at as timestamptz), cast(:inbound_id as bigint))
        )
),
member as (
    select person_id as customer_id from holder
    union
    select customer_person.customer_id from customer_person join holder using (person_id)
),
of_person as (
    delete from customer_opt_out
    where customer_id in (select customer_id from member) and opted_out_at <= cast(:opted_in_at as timestamptz)
        and exists (select from permitted)
    returning customer_id, phone_number, opted_out_at, source_code, inbound_id
),
of_number as (
    delete from sms_opt_out
    where opted_out_at <= cast(:opted_in_at as timestamptz) and exists (select from permitted)
        and (
            phone_number = cast(:phone_number as text)
            -- The person's earlier numbers, unless somebody else said it from there, too.
            or phone_number in (select phone_number from of_person) and not exists (
                select from customer_opt_out as other
                where other.phone_number = sms_opt_out.phone_number
                    and other.customer_id not in (select customer_id from member)
            )
        )
    returning phone_number, opted_out_at, source_code, inbound_id
),
lifted as (
    select phone_number, opted_out_at, source_code, inbound_id from of_number
    union all
    select phone_number, opted_out_at, source_code, inbound_id from of_person
),
latest as (select * from lifted order by opted_out_at desc, phone_number limit 1)
insert into sms_opt_in (
    inbound_id, phone_number, opted_in_at, text, is_for_marketing, opted_out_at, opt_out_source_code, opt_out_inbound_id
)
select
    cast(:inbound_id as bigint), cast(:phone_number as text), cast(:opted_in_at as timestamptz), cast(:text as text),
    cast(:is_for_marketing as boolean), opted_out_at, source_code, inbound_id
from latest
returning inbound_id
