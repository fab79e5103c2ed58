-- statement: latest_night
-- The latest business date whose arrivals were published, and when.
select through_on, published_at
from page_publication
where table_code = 'page_source_day'
order by through_on desc
limit 1

-- statement: arrivals
-- What arrived on a business date, by source.
select
    source_code, sum(arrived_count)::bigint as arrived, sum(accepted_count)::bigint as accepted,
    sum(quarantined_count)::bigint as quarantined, sum(superseded_count)::bigint as superseded
from page_source_day
where arrived_on = :day
group by source_code
order by source_code

-- statement: damage_now
-- The damaged customers of the latest month, as of the latest business date.
select as_of_on, month, level, segment_code, customer_count, is_closed
from page_damage_count
where (month, as_of_on) = (select month, as_of_on from page_damage_count order by month desc, as_of_on desc limit 1)
order by level desc, segment_code

-- statement: damage_months
-- The damaged customers of each month by level, as its latest count has them: the last 13 months.
select counted.month, counted.level, sum(counted.customer_count)::bigint as customers, bool_and(is_closed) as is_closed
from page_damage_count as counted
join (
    select month, max(as_of_on) as as_of_on from page_damage_count group by month order by month desc limit 13
) as latest using (month, as_of_on)
where counted.level > 0
group by counted.month, counted.level
order by counted.month, counted.level

-- statement: damage_nights
-- The damaged customers of the latest month by night.
select as_of_on, sum(customer_count) filter (where level > 0)::bigint as damaged,
    sum(customer_count) filter (where level >= 3)::bigint as severe
from page_damage_count
where month = (select max(month) from page_damage_count)
group by as_of_on
order by as_of_on

-- statement: warnings
-- The warnings on the latest night's list, by department and level.
select department_code, level, count(*) as warnings, count(*) filter (where is_new) as new_warnings
from customer_warning
where is_listed
group by department_code, level
order by department_code, level desc

-- statement: follow_ups
-- Follow-up tickets by team on which somebody has to act: past their limit, within the next two hours, and all.
select
    team_code, count(*) as open_count, count(*) filter (where due_at <= :now) as late_count,
    count(*) filter (where due_at > :now and due_at <= :soon) as soon_count,
    count(*) filter (where due_at is null) as paused_count
from follow_up_ticket
where state_code not in ('answered', 'closed')
group by team_code
order by team_code

-- statement: failures
-- The steps whose latest run of the last week failed.
select step_code, from_on, to_on, started_at, ended_at, message
from (
    select distinct on (step_code, from_on, to_on) step_code, from_on, to_on, started_at, ended_at, state_code, message
    from run_step
    where started_at >= :since
    order by step_code, from_on, to_on, started_at desc
) as latest
where state_code = 'failed'
order by started_at desc
limit 20

-- statement: stopped_batches
-- Batches that the quality gate stopped and nobody has lifted or withdrawn.
select source_code, record_code, business_date, batch_number, file_name
from load_batch
where gate_code = 'stopped' and not is_accepted and withdrawal_code is null
order by business_date desc, batch_number
limit 20

-- statement: failed_deliveries
-- Sources whose delivery could not be read.
select source_code, business_date, message
from source_delivery
where state_code = 'failed'
order by business_date desc, source_code
limit 20
