-- model: leaver
-- grain: one customer who left
-- inputs: snapshot
-- share: customer_id
-- params: first_day
-- Left by this month's snapshot, and active by the last one before it that says anything. Who had left before, or was
-- never seen active, is no leaver of this month.
with
gone as (select customer_id from snapshot where month_on = $first_day and status_code = 'left'),
earlier as (
    select snapshot.customer_id, arg_max(snapshot.status_code, snapshot.month_on) as status_code
    from snapshot
    semi join gone on snapshot.customer_id = gone.customer_id
    where snapshot.month_on < $first_day and snapshot.status_code is not null
    group by snapshot.customer_id
),
final as (select customer_id from earlier where status_code = 'active')
select * from final
