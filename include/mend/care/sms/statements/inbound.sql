-- statement: open_messages
select message_id, survey_id, extension
from sms_outbox
where
  account_code = :account and phone_number = :phone_number and reply_until > :at
  and state_code in ('submitting', 'submitted', 'delivered', 'undelivered', 'unknown')
order by submitting_at desc, message_id desc

-- statement: store_inbound
-- The same again within minutes was sent again by the message centre; but not when something else came from the number
-- in between: then the
-- customer says it once more. What came at one moment may all come again; of that only a second opt-out counts as said
-- once more.
insert into sms_inbound (
  account_code, phone_number, to_number, extension, text, received_at, digest, state_code, state_reason, match_code,
  message_id, survey_id, raw
)
select
  :account, :phone_number, :to_number, :extension, :text, :at, cast(:digest as text), :state_code, :state_reason,
  :match_code, cast(:message_id as bigint), :survey_id, :raw
where not exists (
  select from sms_inbound as before
  where
    before.digest = cast(:digest as text) and before.received_at > cast(:repeated_since as timestamptz)
    and not exists (
      select from sms_inbound as since
      where
        since.phone_number = before.phone_number and since.digest <> before.digest
            and since.inbound_id > before.inbound_id
        and (since.received_at > before.received_at or :is_opt_out)
    )
)
returning inbound_id

-- statement: store_part
insert into sms_inbound_part (account_code, phone_number, to_number, reference, part_total, part_number, content,
    data_coding, received_at)
values (:account, :phone_number, :to_number, :reference, :part_total, :part_number, :content, :data_coding, :at)
on conflict (account_code, phone_number, to_number, reference, part_total, part_number) do nothing

-- statement: inbound_parts
select part_id, part_number, content, data_coding
from sms_inbound_part
where
  account_code = :account and phone_number = :phone_number and to_number = :to_number and reference = :reference
      and part_total = :part_total
order by part_number

-- statement: stale_parts
-- What arrived of messages whose last part came before :before: of so many of them at a time.
with stale as (
  select phone_number, to_number, reference, part_total
  from sms_inbound_part
  where account_code = :account
  group by phone_number, to_number, reference, part_total
  having max(received_at) < :before
  order by phone_number, to_number, reference, part_total
  limit :limit
)
select part.part_id, part.phone_number, part.to_number, part.reference, part.part_total, part.part_number, part.content,
part.data_coding
from sms_inbound_part as part
inner join stale using (phone_number, to_number, reference, part_total)
where part.account_code = :account
order by phone_number, to_number, reference, part_total, part_number

-- statement: read_inbound
select
  inbound.inbound_id, inbound.account_code, inbound.phone_number, inbound.to_number, inbound.extension, inbound.text,
  inbound.received_at,
  inbound.match_code, inbound.message_id, inbound.survey_id, message.questionnaire_code, message.purpose_code,
  message.customer_id
from sms_inbound as inbound
left join sms_outbox as message on message.message_id = inbound.message_id
where inbound.state_code = 'new'
order by inbound.received_at, inbound.inbound_id
limit :limit
for update of inbound skip locked

-- statement: mark_inbound
-- What became of a message.
update sms_inbound
set state_code = :state, state_reason = coalesce(cast(:reason as text), state_reason),
survey_id = coalesce(survey_id, cast(:survey_id as text)),
    handled_at = :at
where inbound_id = :inbound_id and state_code in ('new', 'unclear', 'parked')
