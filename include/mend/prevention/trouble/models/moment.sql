-- model: moment
-- grain: one source, or all known sources of a dimension (source_code empty)
-- inputs: cluster_sum
-- share: customer_id
-- Sums over clusters of products of what each brought, in whole numbers: exact in whatever order. Two contacts with
-- three points in one cluster and one with none in another: nn 4 + 1, np 2 x 3, pp 3 x 3.
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
        cast(v as hugeint) as v
    from cluster_sum
),
final as (
    select
        dimension_code,
        source_code,
        sum(n) as n, sum(p) as p, sum(m) as m, sum(q) as q,
        sum(n * n) as nn, sum(n * p) as np, sum(p * p) as pp,
        sum(m * m) as mm, sum(m * q) as mq, sum(q * q) as qq,
        sum(n * m) as nm, sum(n * q) as nq, sum(p * m) as pm, sum(p * q) as pq,
        sum(n * w) as nw, sum(n * v) as nv, sum(p * w) as pw, sum(p * v) as pv
    from exact
    group by dimension_code, source_code
)
select * from final
