-- The first unknown part of the one unknown message to a subscriber from our number. None while another message to them is under way from it:
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
  where part.message_id in (select message_id from open) and part.state_code = 'unknown' and (select count(*) from open) = 1
  group by part.message_id
)
select * from final
