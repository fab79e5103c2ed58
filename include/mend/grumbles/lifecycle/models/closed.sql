-- model: closed
-- grain: one person in one closed month
-- inputs: closed_file, person_of_customer
-- share: customer_id
-- The damaged-customer database under the id by which each customer goes now: the worst level of a person's ids, and
-- the stage of the id that stays.
with
named as (
    select
        closed_file.month,
        coalesce(person_of_customer.person_id, closed_file.customer_id) as customer_id,
        closed_file.customer_id as own_id,
        closed_file.lifecycle_stage_code,
        closed_file.level,
        closed_file.has_left,
        closed_file.contact_count
    from closed_file
    left join person_of_customer on closed_file.customer_id = person_of_customer.customer_id
),
final as (
    select
        month,
        customer_id,
        first(lifecycle_stage_code order by own_id = customer_id desc, own_id) as lifecycle_stage_code,
        max(level) as level,
        bool_and(has_left) as has_left,
        sum(contact_count) as contact_count
    from named
    group by month, customer_id
)
select * from final
