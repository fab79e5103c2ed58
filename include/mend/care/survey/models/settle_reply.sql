-- A person has read a reply.
update survey_reply
set handled_at = :at, handler_id = :handler_id, survey_id = coalesce(:survey_id, survey_reply.survey_id),
    meaning_code = coalesce(cast(:meaning as text), survey_reply.meaning_code), score = coalesce(cast(:score as integer), survey_reply.score)
from sms_inbound
where survey_reply.inbound_id = :inbound_id and sms_inbound.inbound_id = survey_reply.inbound_id and needs_person
    and survey_reply.handled_at is null
returning survey_reply.survey_id, survey_reply.received_at, sms_inbound.phone_number, sms_inbound.text
