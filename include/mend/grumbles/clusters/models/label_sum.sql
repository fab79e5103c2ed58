-- model: label_sum
-- grain: one label
-- inputs: customer_cluster, behaviour_figure
-- fills: label, sums, who
-- The outcomes of the customers of each label, for what sets it apart.
select {label} as code, count(*) as customers, {sums}
from behaviour_figure
join customer_cluster using (customer_id)
where {who}
group by {label}
order by {label}
