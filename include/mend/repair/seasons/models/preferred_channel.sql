-- model: preferred_channel
-- grain: one customer who was in contact in the month
-- inputs: contact_file, person_of_customer
-- The touchpoint that they used most; of several the one that they used last.
--   anna: hotline 3 May, app 5 May, app 9 May -> app
--   bert: hotline 3 May, app 5 May            -> app
with
used as (
    select
        coalesce(person_of_customer.person_id, contact_file.customer_id) as customer_id,
        contact_file.touchpoint_code, count(*) as contact_count, max(contact_file.started_at) as last_at
    from contact_file
    left join person_of_customer on contact_file.customer_id = person_of_customer.customer_id
    where contact_file.direction_code = 'inbound' and contact_file.customer_id is not null
    group by all
),
final as (
    select customer_id, touchpoint_code as preferred_channel_code
    from used
    qualify row_number() over (
        partition by customer_id order by contact_count desc, last_at desc, touchpoint_code
    ) = 1
)
select * from final
