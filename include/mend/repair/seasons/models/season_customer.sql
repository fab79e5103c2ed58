-- model: season_customer
-- grain: one customer of the month's snapshot who has not left
-- inputs: snapshot, cluster_file, month_file, preferred_channel
-- params: first_day, year
-- What a theme may ask of a customer: product, channel, cluster, age; and their level, 0 where they are not damaged.
with
cluster as (select customer_id, value_code, behaviour_code from cluster_file),
damage as (select customer_id, level from month_file where not has_left),
final as (
    select
        snapshot.customer_id, snapshot.brand_code, snapshot.plan_code, preferred_channel.preferred_channel_code,
        cluster.value_code, cluster.behaviour_code,
        case
            when snapshot.birth_year is null then 'unknown'
            when $year - snapshot.birth_year < 25 then 'under_25'
            when $year - snapshot.birth_year < 35 then '25_34'
            when $year - snapshot.birth_year < 45 then '35_44'
            when $year - snapshot.birth_year < 55 then '45_54'
            when $year - snapshot.birth_year < 65 then '55_64'
            else '65_and_over'
        end as age_band_code,
        coalesce(damage.level, 0) as level
    from snapshot
    left join cluster on snapshot.customer_id = cluster.customer_id
    left join damage on snapshot.customer_id = damage.customer_id
    left join preferred_channel on snapshot.customer_id = preferred_channel.customer_id
    where snapshot.month_on = $first_day and snapshot.status_code is distinct from 'left'
)
select * from final
