-- model: moment_total
-- grain: one source, or all known sources of a dimension (source_code empty)
-- inputs: moments
-- order: dimension_code, source_code
-- All shares together: sums of products add up.
select
    dimension_code,
    source_code,
    sum(n) as n, sum(p) as p, sum(m) as m, sum(q) as q,
    sum(nn) as nn, sum(np) as np, sum(nm) as nm, sum(nq) as nq,
    sum(pp) as pp, sum(pm) as pm, sum(pq) as pq, sum(mm) as mm,
    sum(mq) as mq, sum(qq) as qq, sum(nw) as nw, sum(nv) as nv,
    sum(nx) as nx, sum(ny) as ny, sum(pw) as pw, sum(pv) as pv,
    sum(px) as px, sum(py) as py, sum(mw) as mw, sum(mv) as mv,
    sum(mx) as mx, sum(my) as my, sum(qw) as qw, sum(qv) as qv,
    sum(qx) as qx, sum(qy) as qy
from moments
group by dimension_code, source_code
