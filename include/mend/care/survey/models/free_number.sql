-- Numbers that went to other customers by a snapshot of after the opt-out: it stays with who said so, and the number is free. Not while any of
-- those who have the number by the latest snapshot is a person who opted out, nor while nobody knows whose the opt-out was.
with
holder as (
    select sms_opt_out.phone_number, coalesce(customer_person.person_id, contact_address.customer_id) as person_id, snapshot_on, opted_out_at,
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
