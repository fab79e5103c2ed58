-- model: season_unit
-- grain: one person who came into a campaign of the season
-- inputs: season_entry, month_file, snapshot
-- share: customer_id
-- params: month_after, after_on, is_after_closed, is_seen_after
-- What became of each from the month after their first campaign until now, in whole thousandths: new damage and spend
-- of all these months together, and whether they are gone. As in `outcome`: a campaign runs in the month after its
-- damage, and what that month brought stands in the snapshot of the next one's first day. Spend is known when each
-- month has a snapshot, or when they are gone; nobody knows who is gone before the last month's snapshot is there,
-- $after_on.
--   first campaign of January's damage, until March: spend of February and March, from the snapshots of March and April
with
entry as (
    select
        customer_id,
        month,
        is_explicit,
        score,
        cast(cast(month || '-01' as date) + interval 1 month as date) as before_on
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
        snapshot.month_on,
        cast(1000 * snapshot.arpu_amount as bigint) as spend,
        snapshot.status_code,
        snapshot.status_code = 'left' as is_left
    from entry
    join snapshot on entry.customer_id = snapshot.customer_id
    where snapshot.month_on >= entry.before_on
        and snapshot.month_on <= $after_on
        and (snapshot.month_on = entry.before_on or snapshot.status_code is not null)
),
known as (
    select
        customer_id,
        max(spend) filter (month_on = before_on) as baseline_spend,
        coalesce(sum(spend) filter (month_on > before_on and not is_left), 0) as spend,
        count(*) filter (month_on > before_on and (is_left or spend is not null)) as month_count,
        any_value(date_diff('month', before_on, cast($after_on as date))) as followed_count,
        -- Who had left before, and so is in no later snapshot, is gone; who came back is not.
        coalesce(arg_max(is_left, month_on) filter (status_code is not null), false) as is_gone,
        bool_or(month_on = $after_on and status_code is not null) as is_seen_last
    from seen
    group by customer_id
),
final as (
    select
        entry.customer_id,
        cast(1000 * entry.score as bigint) as baseline_score,
        1000 * cast(entry.is_explicit as bigint) as was_explicit,
        known.baseline_spend,
        case when $is_seen_after and (known.month_count = known.followed_count or known.is_gone) then known.spend
            end as spend,
        case when not $is_seen_after then null when known.is_gone then 1000 when known.is_seen_last then 0 end as churn,
        case when $is_after_closed then 1000 * coalesce(damage.damage_points, 0) end as damage
    from entry
    left join known on entry.customer_id = known.customer_id
    left join damage on entry.customer_id = damage.customer_id
)
select * from final
