-- model: moment_total
-- grain: one source, or all known sources of a dimension (source_code empty)
-- inputs: moments
-- order: dimension_code, source_code
-- All shares together: sums of products add up.
select
    dimension_code,
    source_code,
    sum(n) as n, sum(p) as p, sum(m) as m, sum(q) as q,
    sum(nn) as nn, sum(np) as np, sum(pp) as pp, sum(mm) as mm,
    sum(mq) as mq, sum(qq) as qq, sum(nm) as nm, sum(nq) as nq,
    sum(pm) as pm, sum(pq) as pq, sum(nw) as nw, sum(nv) as nv,
    sum(pw) as pw, sum(pv) as pv
from moments
group by dimension_code, source_code
