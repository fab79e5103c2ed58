-- statement: stage_incoming_customer
create temp table staged_incoming_customer (like incoming_customer) on commit drop

-- statement: stage_gone_customer
create temp table staged_gone_customer (customer_id varchar) on commit drop

-- statement: stage_contact_change
-- Without a number: that day's contacts are gone.
create temp table staged_contact_change (subject_on date, customer_id varchar, contact_count bigint) on commit drop

-- statement: drop_other_customers
-- When every row was made: what was not made is gone.
delete from incoming_customer as old
where not exists (select from staged_incoming_customer as new where new.customer_id = old.customer_id)

-- statement: drop_other_contacts
delete from incoming_contact_day as old
where not exists (
    select from staged_contact_change as new
    where new.subject_on = old.subject_on and new.customer_id = old.customer_id
)

-- statement: drop_customers
delete from incoming_customer as old using staged_gone_customer as gone where gone.customer_id = old.customer_id

-- statement: put_customers
-- Rows that are right already are not touched.
insert into incoming_customer as old (
    customer_id, city_code, joined_on, arpu_amount, value_code, behaviour_code, grumble_days, complaint_days,
    open_grumbles
)
select
    customer_id, city_code, joined_on, arpu_amount, value_code, behaviour_code, grumble_days, complaint_days,
    open_grumbles
from staged_incoming_customer
on conflict (customer_id) do update set
    city_code = excluded.city_code, joined_on = excluded.joined_on, arpu_amount = excluded.arpu_amount,
    value_code = excluded.value_code, behaviour_code = excluded.behaviour_code, grumble_days = excluded.grumble_days,
    complaint_days = excluded.complaint_days, open_grumbles = excluded.open_grumbles
where (
    old.city_code, old.joined_on, old.arpu_amount, old.value_code, old.behaviour_code, old.grumble_days,
    old.complaint_days, old.open_grumbles
) is distinct from (
    excluded.city_code, excluded.joined_on, excluded.arpu_amount, excluded.value_code, excluded.behaviour_code,
    excluded.grumble_days, excluded.complaint_days, excluded.open_grumbles
)

-- statement: drop_old_contacts
delete from incoming_contact_day where subject_on < :contacts_from or subject_on > :night

-- statement: drop_contacts
delete from incoming_contact_day as old
using staged_contact_change as gone
where gone.contact_count is null and gone.subject_on = old.subject_on and gone.customer_id = old.customer_id

-- statement: put_contacts
insert into incoming_contact_day as old (subject_on, customer_id, contact_count)
select subject_on, customer_id, contact_count from staged_contact_change where contact_count is not null
on conflict (subject_on, customer_id) do update set contact_count = excluded.contact_count
where old.contact_count <> excluded.contact_count

-- statement: customers
select count(*) from incoming_customer

-- statement: customer
-- What is known of a customer, contacts by day as `20488:2`. The days are few: each is one look-up in the key.
select
    city_code, joined_on, arpu_amount, value_code, behaviour_code, grumble_days, complaint_days,
    (
        select string_agg((contact.subject_on - date '1970-01-01') || ':' || contact.contact_count, ',')
        from generate_series(
            (select min(subject_on) from incoming_contact_day), (select max(subject_on) from incoming_contact_day),
            interval '1 day'
        ) as day (at)
        join incoming_contact_day as contact on contact.subject_on = day.at::date and contact.customer_id = :customer
    ) as contact_days,
    open_grumbles
from incoming_customer
where customer_id = :customer
