-- model: day_cluster
-- grain: one day at one known source
-- inputs: day_parts
-- All shares together.
select
    dimension_code, source_code, cluster_id, sum(n) as n, sum(p) as p, sum(m) as m, sum(q) as q
from day_parts
group by dimension_code, source_code, cluster_id
