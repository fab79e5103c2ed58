-- model: association
-- grain: one cluster, window, grumble type and complaint type
-- inputs: window_count, group_cluster, grumble_type, complaint_type, estimate, association_before
-- params: rate, month_before, month, key_points, cluster_month
-- order: cluster_code, window_days, grumble_type_code, complaint_type_code
-- mart_association: counts and estimates of each cluster, with last month's beside them.
with cluster_count as (
    select
        group_cluster.cluster_code,
        window_days,
        type_no,
        complaint_no,
        sum(customer_day_count) as customer_day_count,
        sum(grumble_day_count) as grumble_day_count,
        sum(complaint_day_count) as complaint_day_count,
        sum(both_day_count) as both_day_count,
        sum(grumble_customer_count) as grumble_customer_count,
        sum(complaint_customer_count) as complaint_customer_count,
        sum(both_count) as both_count,
        sum(before_count) as before_count,
        sum(nearest_count) as nearest_count
    from window_count
    join group_cluster using (group_no)
    group by group_cluster.cluster_code, window_days, type_no, complaint_no
),
named as (
    select
        cluster_count.*,
        grumble_type.grumble_type_code,
        coalesce(complaint_type.complaint_type_code, 'any') as complaint_type_code
    from cluster_count
    join grumble_type using (type_no)
    left join complaint_type using (complaint_no)
),
estimated as (
    select
        named.*,
        round(both_day_count / nullif(customer_day_count, 0), 12) as support,
        round(both_day_count / nullif(grumble_day_count, 0), 9) as confidence,
        round((both_day_count / nullif(grumble_day_count, 0))
            / nullif(complaint_day_count / nullif(customer_day_count, 0), 0), 6) as lift,
        estimate.* exclude (cluster_code, window_days, type_no, complaint_no)
    from named
    left join estimate using (cluster_code, window_days, type_no, complaint_no)
),
ranked as (
    select
        *,
        q_value <= $rate as is_significant,
        case when q_value <= $rate and coefficient > 0 then
            row_number() over (
                partition by cluster_code, window_days, complaint_type_code
                order by (q_value <= $rate and coefficient > 0) desc nulls last, coefficient_low desc nulls last,
                grumble_type_code
            )
        end as rank
    from estimated
),
previous as (
    select cluster_code, window_days, grumble_type_code, complaint_type_code, rank as previous_rank, coefficient
        as previous_coefficient
    from association_before
    where month = $month_before
),
final as (
    select
        $month as month,
        ranked.* exclude (type_no, complaint_no, support, is_significant, event_count, exposed_event_count,
            exposed_day_count),
        coalesce(support, 0) as support,
        coalesce(event_count, 0) as event_count,
        coalesce(exposed_event_count, 0) as exposed_event_count,
        coalesce(exposed_day_count, 0) as exposed_day_count,
        coalesce(is_significant, false) as is_significant,
        coalesce(ranked.rank <= $key_points, false) as is_key,
        previous_rank,
        previous_coefficient,
        $cluster_month as cluster_month
    from ranked
    left join previous
        using (cluster_code, window_days, grumble_type_code, complaint_type_code)
)
select * from final
