-- A message that was never tried does not count against the caps.
delete from contact_reservation
using survey, sms_outbox
where contact_reservation.reservation_key = survey.survey_id and sms_outbox.dedup_key = survey.survey_id
    and survey.state_code = 'not_sent' and sms_outbox.state_code in ('suppressed', 'expired') and sms_outbox.attempts = 0
