-- statement: open_ticket
-- Open tickets after one, by id.
select follow_up_id
from follow_up_ticket
where state_code not in ('answered', 'closed') and follow_up_id > :after
order by follow_up_id
limit :size

-- statement: filed_with
-- These tickets, and all others of their customers, by whatever ids they had; named by the id that they go by now.
with
person as (
    select distinct coalesce(person_id, customer_id) as person_id
    from follow_up_ticket
    left join customer_person using (customer_id)
    where follow_up_id = any(cast(:names as text[]))
),
known as (
    select person_id as customer_id, person_id from person
    union
    select customer_person.customer_id, person_id from customer_person join person using (person_id)
)
select follow_up_id, person_id, topic_code, about_id, state_code, opened_at, changed_at, handler_id
from follow_up_ticket
join known using (customer_id)

-- statement: filed_of
-- All tickets of these customers, by whatever ids they had; named by the id that they go by now.
with
person as (
    select distinct coalesce(person_id, named.customer_id) as person_id
    from unnest(cast(:names as text[])) as named (customer_id)
    left join customer_person using (customer_id)
),
known as (
    select person_id as customer_id, person_id from person
    union
    select customer_person.customer_id, person_id from customer_person join person using (person_id)
)
select follow_up_id, person_id, topic_code, about_id, state_code, opened_at, changed_at, handler_id
from follow_up_ticket
join known using (customer_id)

-- statement: load
-- What each handler has to do: open tickets.
select handler_id, count(*)
from follow_up_ticket
where state_code not in ('answered', 'closed') and handler_id is not null
group by handler_id

-- statement: work
-- Open tickets, with the number to call: that of the id by which the customer goes now, where one is known. None that
-- another customer has by a
-- snapshot no older: it may be theirs.
with
open_ticket as (
    select follow_up_ticket.*, coalesce(person_id, follow_up_ticket.customer_id) as person_id
    from follow_up_ticket
    left join customer_person using (customer_id)
    where state_code not in ('answered', 'closed')
),
numbered as (
    select
        open_ticket.*,
        case when now.customer_id is not null then now.phone_number else before.phone_number end as phone_number,
        coalesce(now.snapshot_on, before.snapshot_on) as snapshot_on
    from open_ticket
    left join contact_address as now on now.customer_id = open_ticket.person_id
    left join contact_address as before on before.customer_id = open_ticket.customer_id
),
final as (
    select
        follow_up_id, team_code, handler_id, measure_code, tier, state_code, customer_id, topic_code, opened_at,
        complaint_count, reopen_count,
        case when not exists (
            select from contact_address as other
            left join customer_person on customer_person.customer_id = other.customer_id
            where other.phone_number = numbered.phone_number and other.is_active
                and coalesce(customer_person.person_id, other.customer_id) <> numbered.person_id
                and other.snapshot_on >= numbered.snapshot_on
        ) then phone_number end as phone_number
    from numbered
)
select * from final order by follow_up_id
