select part_id, phone_number, to_number, reference, part_total, part_number, content, data_coding
from sms_inbound_part as part
where
  account_code = :account
  and not exists (
    select from sms_inbound_part as other
    where
      other.account_code = part.account_code and other.phone_number = part.phone_number and other.to_number = part.to_number
      and other.reference = part.reference and other.part_total = part.part_total and other.received_at >= :before
  )
order by phone_number, to_number, reference, part_total, part_number
