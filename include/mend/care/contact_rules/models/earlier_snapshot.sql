-- model: earlier_snapshot
-- grain: one customer
-- inputs: core_customer, gone_snapshot
-- What the latest snapshot that is left says of them.
select *
from core_customer
semi join gone_snapshot using (customer_id)
qualify row_number() over (partition by customer_id order by month_on desc) = 1
