-- model: sample
-- grain: one customer
-- inputs: feature
-- params: is_of_shown, most_rows
-- fills: features
-- Customers to fit on, by the digest of their id, which is the same in every run. Who showed nothing has no behaviour
-- to fit on.
select {features}
from feature
where not ($is_of_shown and is_silent)
order by md5(customer_id), customer_id
limit $most_rows
