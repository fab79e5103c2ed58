-- model: month_total
-- grain: one source in one month
-- inputs: month_parts
-- order: dimension_code, source_code, month
-- All shares together.
select
    dimension_code,
    source_code,
    month,
    cast(sum(contact_count) as bigint) as contact_count,
    cast(sum(unnamed_contact_count) as bigint) as unnamed_contact_count,
    cast(sum(thousandths) as bigint) as thousandths,
    cast(sum(compared) as bigint) as compared,
    cast(sum(customer_count) as bigint) as customer_count
from month_parts
group by dimension_code, source_code, month
