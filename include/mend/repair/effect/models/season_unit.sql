-- model: season_unit
-- grain: one person who came into a campaign of the season
-- inputs: season_entry, month_file, snapshot
-- share: customer_id
-- params: month_after, is_after_closed
-- What became of each from the month after their first campaign until now, in whole thousandths: new damage and spend
-- of all these months together, and whether they are gone. A month's spend and who left stand in the snapshot of the
-- next month's first day. Spend is known when each of these months has one of them, or when they left; whether they
-- left, when the last month has one.
--   first campaign of January's damage, until March: spend of February and March, from the snapshots of March and April
with
entry as (
    select
        customer_id,
        month,
        is_explicit,
        score,
        cast(cast(month || '-01' as date) + interval 1 month as date) as before_on,
        cast(cast($month_after || '-01' as date) + interval 1 month as date) as last_on
    from season_entry
),
damage as (
    select entry.customer_id, sum(month_file.damage_points) as damage_points
    from entry
    join month_file
        on entry.customer_id = month_file.customer_id
            and month_file.month > entry.month
            and month_file.month <= $month_after
    group by entry.customer_id
),
seen as (
    select
        entry.customer_id,
        entry.before_on,
        entry.last_on,
        snapshot.month_on,
        cast(1000 * snapshot.arpu_amount as bigint) as spend,
        snapshot.status_code
    from entry
    join snapshot on entry.customer_id = snapshot.customer_id
    where snapshot.month_on >= entry.before_on and snapshot.month_on <= entry.last_on
),
known as (
    select
        customer_id,
        max(spend) filter (month_on = before_on) as baseline_spend,
        coalesce(sum(spend) filter (month_on > before_on and status_code is distinct from 'left'), 0) as spend,
        count(spend) filter (month_on > before_on) as month_count,
        any_value(date_diff('month', before_on, last_on)) as followed_count,
        coalesce(bool_or(status_code = 'left'), false) as has_left,
        bool_or(month_on = last_on and status_code is not null) as is_seen_last
    from seen
    group by customer_id
),
final as (
    select
        entry.customer_id,
        cast(1000 * entry.score as bigint) as baseline_score,
        1000 * cast(entry.is_explicit as bigint) as was_explicit,
        known.baseline_spend,
        case when known.month_count = known.followed_count or known.has_left then known.spend end as spend,
        case when known.has_left then 1000 when known.is_seen_last then 0 end as churn,
        case when $is_after_closed then 1000 * coalesce(damage.damage_points, 0) end as damage
    from entry
    left join known on entry.customer_id = known.customer_id
    left join damage on entry.customer_id = damage.customer_id
)
select * from final
