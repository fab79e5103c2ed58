-- model: place
-- grain: one customer of the month who was in any snapshot
-- inputs: scored, snapshot
-- share: customer_id
-- params: first_day, exploration_months, formation_months, decline_share
-- City, status and life-cycle stage by the customer's last snapshot, this month's or one before. Decline is told by the
-- three months before it. Nearly everybody is in this month's; the older snapshots are read for the few who are not.
with
now as (select customer_id, city_code, status_code, joined_on, arpu_amount, minutes_of_use from snapshot
    where month_on = $first_day),
usual_now as (
    select customer_id, avg(arpu_amount) as arpu_amount, avg(minutes_of_use) as minutes_of_use
    from snapshot
    where month_on < $first_day and month_on >= $first_day - interval 3 month
    group by customer_id
    having count(*) = 3
),
present as (
    select now.*, $first_day as month_on, usual_now.arpu_amount as usual_amount, usual_now.minutes_of_use
        as usual_minutes
    from scored
    join now on scored.customer_id = now.customer_id
    left join usual_now on scored.customer_id = usual_now.customer_id
),
absent as (select scored.customer_id from scored anti join now on scored.customer_id = now.customer_id),
earlier as materialized (
    select snapshot.customer_id, snapshot.city_code, snapshot.status_code, snapshot.joined_on, snapshot.arpu_amount,
        snapshot.minutes_of_use, snapshot.month_on
    from snapshot
    semi join absent on snapshot.customer_id = absent.customer_id
    where snapshot.month_on < $first_day
),
last_month as (select customer_id, max(month_on) as month_on from earlier group by customer_id),
usual_then as (
    select earlier.customer_id, avg(earlier.arpu_amount) as arpu_amount, avg(earlier.minutes_of_use) as minutes_of_use
    from earlier
    join last_month on earlier.customer_id = last_month.customer_id
    where earlier.month_on < last_month.month_on and earlier.month_on >= last_month.month_on - interval 3 month
    group by earlier.customer_id
    having count(*) = 3
),
gone as (
    select earlier.*, usual_then.arpu_amount as usual_amount, usual_then.minutes_of_use as usual_minutes
    from earlier
    join last_month on earlier.customer_id = last_month.customer_id and earlier.month_on = last_month.month_on
    left join usual_then on earlier.customer_id = usual_then.customer_id
),
known as (from present union all by name from gone),
final as (
    select
        customer_id,
        city_code,
        coalesce(status_code = 'left', false) as has_left,
        month_on < $first_day as is_last_known,
        case
            when joined_on > last_day(month_on) - to_months($exploration_months) then 'exploration'
            when arpu_amount <= usual_amount * (1 - $decline_share)
                or minutes_of_use <= usual_minutes * (1 - $decline_share) then 'decline'
            when joined_on > last_day(month_on) - to_months($formation_months) then 'formation'
            when joined_on is not null then 'stable'
        end as lifecycle_stage_code
    from known
)
select * from final
