-- model: customer_cluster
-- grain: one customer at one known source
-- inputs: source_fact
-- share: customer_id
-- What each customer brought to a source: contacts n and compared thousandths p of the month, m and q of the months
-- before.
select
    dimension_code,
    source_code,
    customer_id as cluster_id,
    sum(case when is_now then contacts else 0 end) as n,
    sum(case when is_now then compared else 0 end) as p,
    sum(case when is_now then 0 else contacts end) as m,
    sum(case when is_now then 0 else compared end) as q
from source_fact
where source_code <> 'unknown' and customer_id is not null
group by dimension_code, source_code, customer_id
