-- model: input_customer
-- grain: one customer at risk
-- inputs: snapshot, input_grumble, input_complaint
-- share: customer_id
-- The snapshot's customers; where no source carries customers, those who grumbled or complained. A monthly snapshot
-- does not say on which day of the month someone left: who had left before the month is not at risk.
with
seen as (
    select customer_id from input_grumble
    union
    select customer_id from input_complaint
),
final as (
    select customer_id, joined_on from snapshot where status_code is distinct from 'left'
    union all
    select customer_id, cast(null as date) from seen where not exists (select 1 from snapshot)
)
select * from final
