-- The snapshot's customers; a customer that it lacks keeps what was known. An older snapshot changes nothing. A number that a customer had
-- before stays known as theirs of then.
with
changed as (
    insert into former_number (phone_number, customer_id, lost_on)
    select before.phone_number, customer_id, address_row.snapshot_on
    from address_row
    join contact_address as before using (customer_id)
    where before.phone_number is distinct from address_row.phone_number and before.phone_number is not null
        and before.snapshot_on <= address_row.snapshot_on
    on conflict (phone_number, customer_id) do update set lost_on = greatest(former_number.lost_on, excluded.lost_on)
)
insert into contact_address
select * from address_row
on conflict (customer_id) do update set
    phone_number = excluded.phone_number, zones = excluded.zones, language_code = excluded.language_code, city_code = excluded.city_code,
    has_survey_consent = excluded.has_survey_consent, has_marketing_consent = excluded.has_marketing_consent,
    is_active = excluded.is_active, snapshot_on = excluded.snapshot_on
where contact_address.snapshot_on <= excluded.snapshot_on
