-- The credits into the ledger; then the customers' month.
insert into ledger
select
    indicator_id || ':' || cause_id, customer_id, 'credit', cast(credited_at as date), subject_kind_code, subject_id, cause_id, 'credit',
    indicator_id, 'repair', %(version)s, -applied_points, -points, credited_at, cast(credited_at as date), incident_id, false
from gross
where applied_points > 0;

create unlogged table month as
with
entry as (select * from ledger where posted_on between %(first_day)s and %(last_day)s),
contact_day as (select * from exposure where posted_on between %(first_day)s and %(last_day)s),
damage as (
    select
        customer_id,
        coalesce(sum(points) filter (where entry_kind_code <> 'credit'), 0) as damage_points,
        coalesce(-sum(points) filter (where entry_kind_code = 'credit'), 0) as repair_points,
        coalesce(sum(points) filter (where stage_code = 'ivr'), 0) as ivr_points,
        coalesce(sum(points) filter (where stage_code in ('connection', 'agent', 'resolution')), 0) as agent_points,
        bool_or(is_explicit) as is_explicit,
        bool_or(indicator_id = any(%(escalations)s)) as is_escalated
    from entry
    group by customer_id
),
experience as (
    select customer_id, coalesce(incident_id, subject_id) as subject_id, sum(points) as points
    from entry
    where entry_kind_code <> 'credit'
    group by customer_id, coalesce(incident_id, subject_id)
),
peak as (
    select distinct on (customer_id) customer_id, points as peak_points, subject_id as peak_subject_id
    from experience
    order by customer_id, points desc, subject_id collate "C" desc
),
exposed as (
    select
        customer_id, sum(contact_count) as contact_count, sum(incident_count) as incident_count, max(last_contact_at) as contact_at,
        (array_agg(last_contact_id order by last_contact_at desc))[1] as contact_id
    from contact_day
    group by customer_id
),
contact_end as (
    select exposed.customer_id, sum(entry.points) as points
    from exposed
    join entry on entry.subject_id = exposed.contact_id and entry.customer_id = exposed.customer_id
    where entry.record_code = 'contact'
    group by exposed.customer_id
),
other as (
    select customer_id, felt_at, cause_id, sum(points) as points
    from entry
    where record_code not in ('contact', 'credit')
    group by customer_id, felt_at, cause_id
),
other_end as (
    select distinct on (customer_id) customer_id, felt_at as other_at, points
    from other
    order by customer_id, felt_at desc, cause_id collate "C" desc
),
carried as (select customer_id, round(score * %(carry_over)s, 2) as carry_over_points from month_before where score * %(carry_over)s >= 0.005),
customer_known as (
    select customer_id from damage union select customer_id from exposed union select customer_id from carried
),
usual as (
    select customer_id, avg(arpu_amount) as arpu_amount, avg(minutes_of_use) as minutes_of_use
    from snapshot
    where month_on < %(first_day)s
    group by customer_id
    having count(*) = 3
),
stage as (
    select
        now.customer_id,
        case
            when joined_on > %(last_day)s - make_interval(months => %(exploration_months)s) then 'exploration'
            when now.arpu_amount <= usual.arpu_amount * (1 - %(decline_share)s)
                or now.minutes_of_use <= usual.minutes_of_use * (1 - %(decline_share)s) then 'decline'
            when joined_on > %(last_day)s - make_interval(months => %(formation_months)s) then 'formation'
            when joined_on is not null then 'stable'
        end as lifecycle_stage_code
    from snapshot as now
    left join usual using (customer_id)
    where now.month_on = %(first_day)s
),
scored as (
    select
        customer_known.customer_id,
        coalesce(carry_over_points, 0) as carry_over_points,
        coalesce(damage_points, 0) as damage_points, coalesce(repair_points, 0) as repair_points,
        greatest(0, coalesce(carry_over_points, 0) + coalesce(damage_points, 0) - coalesce(repair_points, 0)) as score,
        coalesce(peak_points, 0) as peak_points, peak_subject_id,
        case when other_at > contact_at or contact_at is null then coalesce(other_end.points, 0) else coalesce(contact_end.points, 0) end as end_points,
        greatest(contact_at, other_at) as end_at,
        coalesce(contact_count, 0) as contact_count, coalesce(incident_count, 0) as incident_count,
        coalesce(ivr_points, 0) as ivr_points, coalesce(agent_points, 0) as agent_points,
        coalesce(is_explicit, false) as is_explicit, coalesce(is_escalated, false) as is_escalated,
        lifecycle_stage_code
    from customer_known
    left join damage using (customer_id)
    left join peak using (customer_id)
    left join exposed using (customer_id)
    left join contact_end using (customer_id)
    left join other_end using (customer_id)
    left join carried using (customer_id)
    left join stage using (customer_id)
)
select
    *,
    case when ivr_points > 0 and agent_points > 0 then 'double' when ivr_points > 0 then 'ivr' when agent_points > 0 then 'agent' else 'none' end
        as segment_code,
    greatest(
        case when is_escalated then %(escalated_level)s else 0 end,
        case when is_explicit then %(explicit_level)s else 0 end,
        case when score <= 0 then 0 else 1 + width_bucket(score, cast(%(levels)s as numeric[])) end
    ) as level
from scored;
