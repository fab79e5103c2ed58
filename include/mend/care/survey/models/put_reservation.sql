-- What counts against the caps from now on.
insert into contact_reservation (reservation_key, customer_id, phone_number, consent_code, is_promised, counts_at, batch_key)
select survey_id, customer_id, phone_number, consent_code, is_promised, not_before, :batch
from verdict
where reason_code is null
