-- model: snapshot
-- grain: one customer in one month
-- inputs: snapshot_file, person_of_customer
-- share: customer_id
-- Customer snapshots under the id by which the customer goes. Of several ids' rows of a month that under this id stays,
-- else the first: only the few customers who have other ids are looked at for this.
with
touched as (select customer_id from person_of_customer union select person_id from person_of_customer),
named as (
    select
        snapshot_file.* exclude (customer_id),
        coalesce(person_of_customer.person_id, snapshot_file.customer_id) as customer_id,
        snapshot_file.customer_id as own_id
    from snapshot_file
    semi join touched on snapshot_file.customer_id = touched.customer_id
    left join person_of_customer on snapshot_file.customer_id = person_of_customer.customer_id
),
chosen as (
    select * exclude (own_id)
    from named
    qualify row_number() over (partition by customer_id, month_on order by own_id = customer_id desc, own_id) = 1
),
untouched as (select * from snapshot_file anti join touched on snapshot_file.customer_id = touched.customer_id),
final as (from untouched union all by name from chosen)
select * from final
