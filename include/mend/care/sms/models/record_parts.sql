update sms_part as part
set
  state_code = each.state_code,
  smsc_message_id = coalesce(each.smsc_message_id, part.smsc_message_id),
  error_code = each.error_code,
  changed_at = :at
from unnest(
  cast(:message_ids as bigint[]), cast(:part_numbers as int[]), cast(:states as text[]), cast(:smsc_message_ids as text[]),
  cast(:error_codes as text[])
) as each (message_id, part_number, state_code, smsc_message_id, error_code)
where part.message_id = each.message_id and part.part_number = each.part_number and part.state_code in ('submitting', 'unknown')
