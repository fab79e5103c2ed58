-- model: season_unit
-- grain: one person who came into a campaign of the season
-- inputs: season_entry, month_file, snapshot
-- share: customer_id
-- params: month_after, is_after_closed
-- What became of each from the month after their first campaign until now, in whole thousandths: new damage and spend
-- of all these months together, and whether they are gone. Spend is known when every month has a snapshot of them, or
-- when they left; whether they left, when the last month has one.
with
damage as (
    select season_entry.customer_id, sum(month_file.damage_points) as damage_points
    from season_entry
    join
        month_file
        on season_entry.customer_id = month_file.customer_id
        and month_file.month > season_entry.month
        and month_file.month <= $month_after
    group by season_entry.customer_id
),
seen as (
    select
        season_entry.customer_id,
        date_diff(
            'month', cast(season_entry.month || '-01' as date), cast($month_after || '-01' as date)
        ) as month_count,
        strftime(snapshot.month_on, '%Y-%m') as month,
        season_entry.month as entry_month,
        snapshot.arpu_amount,
        snapshot.status_code
    from season_entry
    join snapshot on season_entry.customer_id = snapshot.customer_id
),
known as (
    select
        customer_id,
        max(cast(1000 * arpu_amount as bigint)) filter (month = entry_month) as baseline_spend,
        sum(cast(1000 * coalesce(arpu_amount, 0) as bigint)) filter (
            month > entry_month and month <= $month_after
        ) as spend,
        count(*) filter (
            month > entry_month and month <= $month_after and (arpu_amount is not null or status_code = 'left')
        ) = any_value(month_count) as is_spend_known,
        bool_or(status_code = 'left') filter (month > entry_month and month <= $month_after) as has_left,
        bool_or(month = $month_after) as is_seen_last
    from seen
    group by customer_id
),
final as (
    select
        season_entry.customer_id,
        cast(1000 * season_entry.score as bigint) as baseline_score,
        1000 * cast(season_entry.is_explicit as bigint) as was_explicit,
        known.baseline_spend,
        case when known.is_spend_known or known.has_left then known.spend end as spend,
        case when known.has_left then 1000 when known.is_seen_last then 0 end as churn,
        case when $is_after_closed then 1000 * coalesce(damage.damage_points, 0) end as damage
    from season_entry
    left join known on season_entry.customer_id = known.customer_id
    left join damage on season_entry.customer_id = damage.customer_id
)
select * from final
