-- The part that each receipt speaks of: same subscriber (unknown where the id is our own), the id in its likeliest spelling, the latest where an id came twice.
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
