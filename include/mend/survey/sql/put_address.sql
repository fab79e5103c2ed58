-- The snapshot's customers; a customer that it lacks keeps what was known. An older snapshot changes nothing.
insert into contact_address
select * from address_row
on conflict (customer_id) do update set
    phone_number = excluded.phone_number, zones = excluded.zones, language_code = excluded.language_code, city_code = excluded.city_code,
    has_survey_consent = excluded.has_survey_consent, has_marketing_consent = excluded.has_marketing_consent,
    is_active = excluded.is_active, snapshot_on = excluded.snapshot_on
where contact_address.snapshot_on <= excluded.snapshot_on
