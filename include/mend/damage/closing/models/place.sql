-- model: place
-- grain: one customer of the month who was in any snapshot
-- inputs: scored, snapshot
-- share: customer_id
-- params: first_day, exploration_months, formation_months, decline_share
-- City, status and life-cycle stage by the customer's last snapshot, this month's or one before. Decline is told by the three
-- months before it.
with
now as (
    select scored.customer_id, $first_day as month_on
    from scored
    join snapshot on scored.customer_id = snapshot.customer_id
    where snapshot.month_on = $first_day
),
absent as (select scored.customer_id from scored anti join now on scored.customer_id = now.customer_id),
four_months as (
    select customer_id, month_on, city_code, status_code, joined_on, arpu_amount, minutes_of_use
    from snapshot
    where month_on <= $first_day and month_on >= $first_day - interval 3 month
),
any_month as (
    select customer_id, month_on, city_code, status_code, joined_on, arpu_amount, minutes_of_use
    from snapshot
    where month_on < $first_day
),
earlier as materialized (
    select * from four_months semi join now on four_months.customer_id = now.customer_id
    union all
    select * from any_month semi join absent on any_month.customer_id = absent.customer_id
),
known as (
    select customer_id, max(month_on) as month_on from earlier group by customer_id
),
usual as (
    select earlier.customer_id, avg(earlier.arpu_amount) as arpu_amount, avg(earlier.minutes_of_use) as minutes_of_use
    from earlier
    join known on earlier.customer_id = known.customer_id
    where earlier.month_on < known.month_on and earlier.month_on >= known.month_on - interval 3 month
    group by earlier.customer_id
    having count(*) = 3
),
final as (
    select
        known.customer_id,
        earlier.city_code,
        coalesce(earlier.status_code = 'left', false) as has_left,
        known.month_on < $first_day as is_last_known,
        case
            when earlier.joined_on > last_day(known.month_on) - to_months($exploration_months) then 'exploration'
            when earlier.arpu_amount <= usual.arpu_amount * (1 - $decline_share)
                or earlier.minutes_of_use <= usual.minutes_of_use * (1 - $decline_share) then 'decline'
            when earlier.joined_on > last_day(known.month_on) - to_months($formation_months) then 'formation'
            when earlier.joined_on is not null then 'stable'
        end as lifecycle_stage_code
    from known
    join earlier on known.customer_id = earlier.customer_id and known.month_on = earlier.month_on
    left join usual on known.customer_id = usual.customer_id
)
select * from final
