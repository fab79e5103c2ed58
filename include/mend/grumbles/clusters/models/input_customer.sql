-- model: input_customer
-- grain: one customer
-- inputs: snapshot, input_contact, input_grumble, input_complaint
-- The customers of the month's snapshot; without one, everybody seen, of whom nothing else is known.
with
seen as (
    select customer_id from input_contact
    union
    select customer_id from input_grumble
    union
    select customer_id from input_complaint
),
final as (
    select customer_id, brand_code, birth_year, joined_on, arpu_amount
    from snapshot
    where status_code is distinct from 'left'
    union all by name
    select customer_id from seen where not exists (select 1 from snapshot)
)
select * from final
