-- A person has read a reply.
update survey_reply
set handled_at = :at, handler_id = :handler_id, survey_id = coalesce(:survey_id, survey_id),
    meaning_code = coalesce(cast(:meaning as text), meaning_code)
where inbound_id = :inbound_id and needs_person and handled_at is null
returning survey_id, received_at
