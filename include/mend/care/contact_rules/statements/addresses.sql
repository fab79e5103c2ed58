-- statement: put_address
-- The snapshot's customers; a customer that it lacks keeps what was known. An older snapshot changes nothing. A number
-- that a customer had
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
    phone_number = excluded.phone_number, zones = excluded.zones, language_code = excluded.language_code,
    city_code = excluded.city_code,
    has_survey_consent = excluded.has_survey_consent, has_marketing_consent = excluded.has_marketing_consent,
    is_active = excluded.is_active, snapshot_on = excluded.snapshot_on
where contact_address.snapshot_on <= excluded.snapshot_on

-- statement: bind_opt_outs
-- Opt-outs of numbers that nobody had when they were said: now somebody may. bind_opt_out is a function of the database
-- (migration 0006).
select bind_opt_out(phone_number)
from sms_opt_out
where not exists (select from customer_opt_out where customer_opt_out.phone_number = sms_opt_out.phone_number)

-- statement: free_number
-- Numbers that went to other customers by a snapshot of after the opt-out: it stays with who said so, and the number is
-- free. Not while any of
-- those who have the number by the latest snapshot is a person who opted out, nor while nobody knows whose the opt-out
-- was.
with
holder as (
    select sms_opt_out.phone_number, coalesce(customer_person.person_id, contact_address.customer_id) as person_id,
    snapshot_on, opted_out_at,
        max(snapshot_on) over (partition by phone_number) as latest_on
    from sms_opt_out
    join contact_address using (phone_number)
    left join customer_person using (customer_id)
),
opted_out as (
    select phone_number, coalesce(customer_person.person_id, customer_opt_out.customer_id) as person_id
    from customer_opt_out
    left join customer_person using (customer_id)
),
final as (
    select phone_number
    from holder
    where snapshot_on = latest_on
    group by phone_number
    having min(snapshot_on) > (min(opted_out_at) at time zone 'UTC')::date
        and bool_and(person_id not in (select person_id from opted_out))
)
delete from sms_opt_out
where phone_number in (select phone_number from final) and phone_number in (select phone_number from opted_out)

-- statement: address_row
-- Where the snapshot's customers wait to be put, in one transaction.
create temp table if not exists address_row (like contact_address) on commit drop;
truncate address_row

-- statement: gone_address
-- Customers whose snapshot of a month was withdrawn, in one transaction.
create temp table if not exists gone_address (customer_id varchar, month_on date) on commit drop;
truncate gone_address

-- statement: drop_gone
-- What the withdrawn snapshots said.
delete from contact_address
using gone_address
where contact_address.customer_id = gone_address.customer_id and contact_address.snapshot_on = gone_address.month_on
