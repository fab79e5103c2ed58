select part_id, part_number, content, data_coding
from sms_inbound_part
where
  account_code = :account and phone_number = :phone_number and to_number = :to_number and reference = :reference and part_total = :part_total
order by part_number
