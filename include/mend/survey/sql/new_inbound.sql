-- Messages that arrived until the end of the interval and were not read yet, in the order they came.
select inbound_id, phone_number, extension, text, received_at
from sms_inbound
where state_code = 'new' and received_at <= :at
    and not exists (select from survey_reply where survey_reply.inbound_id = sms_inbound.inbound_id)
order by received_at, inbound_id
limit :size
