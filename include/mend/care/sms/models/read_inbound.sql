select
  inbound.inbound_id, inbound.account_code, inbound.phone_number, inbound.to_number, inbound.extension, inbound.text, inbound.received_at,
  inbound.match_code, inbound.message_id, inbound.survey_id, message.questionnaire_code, message.purpose_code, message.customer_id
from sms_inbound as inbound
left join sms_outbox as message on message.message_id = inbound.message_id
where inbound.state_code = 'new'
order by inbound.received_at, inbound.inbound_id
limit :limit
for update of inbound skip locked
