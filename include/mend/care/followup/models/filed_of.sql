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
