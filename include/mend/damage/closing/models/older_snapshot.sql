-- model: older_snapshot
-- grain: one customer in one month before those of the close
-- inputs: older_file, person_of_customer
-- share: customer_id
-- Earlier snapshots under the id by which the customer goes now; of several ids' rows of a month that under this id, else the first.
with
named as (
    select older_file.* exclude (customer_id), coalesce(person_of_customer.person_id, older_file.customer_id) as customer_id,
        older_file.customer_id as own_id
    from older_file
    left join person_of_customer on older_file.customer_id = person_of_customer.customer_id
),
final as (
    select * exclude (own_id)
    from named
    qualify row_number() over (partition by customer_id, month_on order by own_id = customer_id desc, own_id) = 1
)
select * from final
