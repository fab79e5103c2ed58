-- The message is read: its meaning is stored, or it waits for a person.
update sms_inbound
set state_code = :state, survey_id = coalesce(survey_id, :survey_id), handled_at = :at
where inbound_id = :inbound_id
