-- model: day_part
-- grain: one day at one known source
-- inputs: source_fact
-- share: customer_id
-- What each day brought to a source, of a share.
select
    dimension_code,
    source_code,
    cast(day_on as varchar) as cluster_id,
    sum(case when is_now then contacts else 0 end) as n,
    sum(case when is_now then compared else 0 end) as p,
    sum(case when is_now then 0 else contacts end) as m,
    sum(case when is_now then 0 else compared end) as q
from source_fact
where source_code <> 'unknown' and customer_id is not null
group by dimension_code, source_code, day_on
