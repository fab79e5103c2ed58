-- model: gone_customer
-- grain: one touched customer of whom nothing is to be published
-- inputs: touched, incoming_customer
-- share: customer_id
with
final as (
    select touched.customer_id from touched anti join incoming_customer using (customer_id)
)
select * from final
