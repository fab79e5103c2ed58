-- statement: parts_of_receipts
-- The part that each receipt speaks of: same subscriber (unknown where the id is our own), the id in its likeliest
-- spelling, the latest where an id came twice.
with receipt as (
  select * from unnest(
    cast(:numbers as int[]), cast(:ranks as int[]), cast(:ids as text[]), cast(:phone_numbers as text[])
  ) as each (number, rank, smsc_message_id, phone_number)
),
final as (
  select distinct on (receipt.number) receipt.number, part.message_id, part.part_number
  from receipt
  inner join sms_part as part using (smsc_message_id)
  inner join sms_outbox as message on message.message_id = part.message_id
  where message.account_code = :account and (receipt.phone_number in ('', message.phone_number))
  order by receipt.number, receipt.rank, message.submitting_at desc, part.message_id desc
)
select * from final

-- statement: report_parts
-- What receipts say of parts. A part that is delivered stays so.
update sms_part as part
set state_code = each.state_code, error_code = each.error_code,
smsc_message_id = coalesce(part.smsc_message_id, each.smsc_message_id), changed_at = :at
from unnest(
  cast(:message_ids as bigint[]), cast(:part_numbers as int[]), cast(:states as text[]), cast(:error_codes as text[]),
  cast(:smsc_message_ids as text[])
) as each (message_id, part_number, state_code, error_code, smsc_message_id)
where
  part.message_id = each.message_id and part.part_number = each.part_number
  and part.state_code in ('submitting', 'submitted', 'unknown', 'undelivered')

-- statement: unknown_part
-- The first unknown part of the one unknown message to a subscriber from our number. None while another message to them
-- is under way from it:
-- the receipt may speak of that.
with open as (
  select message_id, state_code
  from sms_outbox
  where
    phone_number = :phone_number and account_code = :account
    and sender_number || coalesce(extension, '') = :to_number
    and state_code in ('submitting', 'unknown')
),
final as (
  select part.message_id, min(part.part_number) as part_number
  from sms_part as part
  where part.message_id in (select message_id from open) and part.state_code = 'unknown'
      and (select count(*) from open) = 1
  group by part.message_id
)
select * from final

-- statement: park_receipt
insert into sms_receipt (account_code, smsc_message_id, phone_number, to_number, outcome_code, error_code, received_at,
    state_code)
values (:account, :smsc_message_id, :phone_number, :to_number, :outcome_code, :error_code, :at, 'parked')

-- statement: take_parked
update sms_receipt as receipt
set state_code = 'applied'
from (select distinct *
    from unnest(cast(:ids as text[]), cast(:phone_numbers as text[])) as each (smsc_message_id, phone_number)) as wanted
where
  receipt.account_code = :account and receipt.state_code = 'parked'
  and receipt.smsc_message_id = wanted.smsc_message_id and receipt.phone_number = wanted.phone_number
returning receipt.smsc_message_id, receipt.phone_number, receipt.to_number, receipt.outcome_code, receipt.error_code

-- statement: drop_receipts
-- Receipts that were kept for a match long enough, applied or not: so many at a time.
delete from sms_receipt
where receipt_id in (
  select receipt_id
  from sms_receipt
  where account_code = :account and received_at < :before
  order by received_at, receipt_id
  limit 10000
)

-- statement: prove_arrival
-- An answer proves that every part arrived, whatever we knew of them.
update sms_part set state_code = 'delivered', changed_at = :at
where message_id = any(cast(:message_ids as bigint[]))
    and state_code in ('submitting', 'submitted', 'unknown', 'undelivered')
