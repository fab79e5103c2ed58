-- model: group_sum
-- grain: one value group
-- inputs: customer_group
-- order: value_group_code
-- Customers of each group and the sums of what is known of them, in ten thousandths: sums of whole numbers are the same
-- in every order.
select
    value_group_code,
    count(*) as customers,
    sum(cast(round(spend_amount * 10000) as bigint)) as spend_amount,
    sum(cast(round(spend * 10000) as bigint)) as spend,
    sum(cast(round(age * 10000) as bigint)) as age,
    count(age) as age_known,
    sum(cast(round(tenure_months * 10000) as bigint)) as tenure_months,
    count(tenure_months) as tenure_months_known
from customer_group
group by value_group_code
