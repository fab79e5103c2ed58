-- What receipts say of parts. A part that is delivered stays so.
update sms_part as part
set state_code = each.state_code, error_code = each.error_code, smsc_message_id = coalesce(part.smsc_message_id, each.smsc_message_id), changed_at = :at
from unnest(
  cast(:message_ids as bigint[]), cast(:part_numbers as int[]), cast(:states as text[]), cast(:error_codes as text[]),
  cast(:smsc_message_ids as text[])
) as each (message_id, part_number, state_code, error_code, smsc_message_id)
where
  part.message_id = each.message_id and part.part_number = each.part_number
  and part.state_code in ('submitting', 'submitted', 'unknown', 'undelivered')
