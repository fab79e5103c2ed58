-- model: cluster_sum
-- grain: one customer (or day) at one source, or at all known sources of a dimension (source_code empty)
-- inputs: cluster
-- share: customer_id
-- Beside what a cluster brought to the source stands what it brought to the whole dimension: in the month w contacts
-- and v thousandths, in the months before x and y.
with
whole as (
    select dimension_code, '' as source_code, cluster_id, sum(n) as n, sum(p) as p, sum(m) as m, sum(q) as q
    from cluster
    group by dimension_code, cluster_id
),
every as (select * from cluster union all by name select * from whole),
final as (
    select every.*, whole.n as w, whole.p as v, whole.m as x, whole.q as y
    from every
    join whole on every.dimension_code = whole.dimension_code and every.cluster_id = whole.cluster_id
)
select * from final
