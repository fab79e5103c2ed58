-- model: population
-- grain: one customer
-- inputs: input_customer, input_cluster, input_churn, cluster_group
-- share: customer_id
-- params: first_day, longest, end_day
-- Customers of the month with their group (value and behaviour cluster) and the days on which they are customers,
-- counted from the month's first day: from_day (not before the longest window) to to_day (not after the end of follow-
-- up).
with member as (
    select customer_id, min(joined_on) as joined_on
    from input_customer
    group by customer_id
),
churned as (
    select customer_id, min(ended_on) as ended_on
    from input_churn
    group by customer_id
),
placed as (
    select
        member.customer_id,
        coalesce(cluster_group.group_no, 0) as group_no,
        greatest(coalesce(member.joined_on - $first_day, -$longest), -$longest) as from_day,
        least(coalesce(churned.ended_on - $first_day, $end_day), $end_day) as to_day
    from member
    left join input_cluster using (customer_id)
    left join cluster_group using (value_code, behaviour_code)
    left join churned using (customer_id)
),
final as (
    select customer_id, cast(group_no as smallint) as group_no, cast(from_day as smallint) as from_day,
    cast(to_day as smallint) as to_day
    from placed
    where to_day >= 0 and from_day <= to_day
)
select * from final
