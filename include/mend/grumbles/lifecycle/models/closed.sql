-- model: closed
-- grain: one person in one closed month
-- inputs: closed_file, person_of_customer
-- share: customer_id
-- The damaged-customer database under the id by which each customer goes now: of a person's ids the worst level, and
-- the stage of the id that stays. Only the few customers who have other ids are looked at for this.
with
touched as (select customer_id from person_of_customer union select person_id from person_of_customer),
named as (
    select
        closed_file.*,
        coalesce(person_of_customer.person_id, closed_file.customer_id) as person_id
    from closed_file
    semi join touched on closed_file.customer_id = touched.customer_id
    left join person_of_customer on closed_file.customer_id = person_of_customer.customer_id
),
together as (
    select
        month,
        person_id as customer_id,
        first(lifecycle_stage_code order by customer_id = person_id desc, customer_id) as lifecycle_stage_code,
        max(level) as level,
        bool_and(has_left) as has_left,
        cast(sum(contact_count) as integer) as contact_count
    from named
    group by month, person_id
),
untouched as (
    select month, customer_id, lifecycle_stage_code, level, has_left, contact_count
    from closed_file
    anti join touched on closed_file.customer_id = touched.customer_id
),
final as (from untouched union all by name from together)
select * from final
