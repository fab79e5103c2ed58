-- Messages that arrived until the end of the interval and were not read yet, in the order they came; with them those of which the relay kept
-- only a part, or what cannot be read: nobody but a person can. A receipt that was parked is no message.
select inbound_id, phone_number, extension, text, received_at, state_code
from sms_inbound
where (state_code = 'new' or state_code in ('unclear', 'parked') and handled_at is null and state_reason is distinct from 'receipt')
    and received_at <= :at
    and not exists (select from survey_reply where survey_reply.inbound_id = sms_inbound.inbound_id)
order by received_at, inbound_id
limit :size
