-- model: value_figure
-- grain: one customer
-- inputs: input_customer
-- params: year, last_day
-- Age, tenure and the logarithm of spend. Null: not known.
select
    customer_id,
    coalesce(brand_code, 'unknown') as brand_code,
    cast($year - birth_year as double) as age,
    cast(datediff('month', joined_on, $last_day) as double) as tenure_months,
    ln(1 + case when arpu_amount < 0 then 0 else cast(arpu_amount as double) end) as spend
from input_customer
