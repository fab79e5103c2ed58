-- model: month_part
-- grain: one source in one month
-- inputs: source_fact
-- share: customer_id
-- Contacts and points of a share; those of nobody we know cost no points, as the ledger has none of them, and stand
-- apart.
select
    dimension_code,
    source_code,
    strftime(day_on, '%Y-%m') as month,
    sum(case when customer_id is not null then contacts else 0 end) as contact_count,
    sum(case when customer_id is null then contacts else 0 end) as unnamed_contact_count,
    sum(thousandths) as thousandths,
    sum(compared) as compared,
    count(distinct case when contacts > 0 then customer_id end) as customer_count
from source_fact
group by all
