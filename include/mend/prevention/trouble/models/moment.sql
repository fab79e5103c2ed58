-- model: moment
-- grain: one source, or all known sources of a dimension (source_code empty)
-- inputs: cluster_sum
-- share: customer_id
-- Sums over clusters, and sums of products of what each brought, in whole numbers: exact in whatever order. Two
-- contacts with three points in one cluster and one with none in another: nn 4 + 1, np 2 x 3, pp 3 x 3.
with
exact as (
    select
        dimension_code,
        source_code,
        cast(n as hugeint) as n,
        cast(p as hugeint) as p,
        cast(m as hugeint) as m,
        cast(q as hugeint) as q,
        cast(w as hugeint) as w,
        cast(v as hugeint) as v,
        cast(x as hugeint) as x,
        cast(y as hugeint) as y
    from cluster_sum
),
final as (
    select
        dimension_code,
        source_code,
        sum(n) as n, sum(p) as p, sum(m) as m, sum(q) as q,
        sum(n * n) as nn, sum(n * p) as np, sum(n * m) as nm, sum(n * q) as nq,
        sum(p * p) as pp, sum(p * m) as pm, sum(p * q) as pq, sum(m * m) as mm,
        sum(m * q) as mq, sum(q * q) as qq,
        sum(n * w) as nw, sum(n * v) as nv, sum(n * x) as nx, sum(n * y) as ny,
        sum(p * w) as pw, sum(p * v) as pv, sum(p * x) as px, sum(p * y) as py,
        sum(m * w) as mw, sum(m * v) as mv, sum(m * x) as mx, sum(m * y) as my,
        sum(q * w) as qw, sum(q * v) as qv, sum(q * x) as qx, sum(q * y) as qy
    from exact
    group by dimension_code, source_code
)
select * from final
