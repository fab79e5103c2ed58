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
select part.part_id, part.phone_number, part.to_number, part.reference, part.part_total, part.part_number, part.content, part.data_coding
from sms_inbound_part as part
inner join stale using (phone_number, to_number, reference, part_total)
where part.account_code = :account
order by phone_number, to_number, reference, part_total, part_number
