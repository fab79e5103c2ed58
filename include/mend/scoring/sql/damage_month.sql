-- A customer's month: score, peak, end, exposure, segment, level, stage. Inputs: ledger (its entries), exposure (its contacts),
-- month_before (scores of the month before), snapshot (customer snapshots of the month and the three before).
with
entry as (select * from ledger where posted_on between $first_day and $last_day),
contact as (select * from exposure where posted_on between $first_day and $last_day),
damage as (
    select
        customer_id,
        cast(coalesce(sum(case when entry_kind_code <> 'credit' then points end), 0) as integer) as damage_points,
        cast(coalesce(-sum(case when entry_kind_code = 'credit' then points end), 0) as integer) as repair_points,
        cast(coalesce(sum(case when stage_code = 'ivr' then points end), 0) as integer) as ivr_points,
        cast(coalesce(sum(case when stage_code in ('connection', 'agent', 'resolution') then points end), 0) as integer) as agent_points,
        coalesce(bool_or(is_explicit), false) as is_explicit,
        coalesce(bool_or(list_contains($escalations, indicator_id)), false) as is_escalated
    from entry
    group by customer_id
),
experience as (
    select
        customer_id,
        coalesce(incident_id, subject_id) as subject_id,
        cast(sum(points) as integer) as points
    from entry
    where entry_kind_code <> 'credit'
    group by all
),
peak as (
    select customer_id, max(points) as peak_points, max_by(subject_id, (points, subject_id)) as peak_subject_id
    from experience
    group by customer_id
),
exposed as (
    select
        customer_id,
        cast(sum(contact_count) as integer) as contact_count,
        cast(sum(incident_count) as integer) as incident_count,
        max(last_contact_at) as last_contact_at,
        max_by(last_contact_id, (last_contact_at, last_contact_id)) as last_contact_id
    from contact
    group by customer_id
),
-- The latest experience: the last contact, or what was felt of a ticket, booking or survey after it.
last_contact as (
    select
        exposed.customer_id, exposed.last_contact_at as moment, exposed.last_contact_id as id,
        cast(coalesce(sum(entry.points), 0) as integer) as points
    from exposed
    left join entry
        on exposed.last_contact_id = entry.subject_id and exposed.customer_id = entry.customer_id
        and entry.record_code = 'contact'
    group by all
),
last_other as (
    select customer_id, felt_at as moment, cause_id as id, cast(sum(points) as integer) as points
    from entry
    where record_code not in ('contact', 'credit')
    group by all
),
latest as (
    select customer_id, max(moment) as end_at, max_by(points, (moment, id)) as end_points
    from (select * from last_contact union all select * from last_other)
    group by customer_id
),
carried as (
    select customer_id, cast(round(score * $carry_over, 2) as decimal(12, 2)) as carry_over_points
    from month_before
    where score * $carry_over >= 0.005
),
customer as (
    select customer_id from damage
    union
    select customer_id from exposed
    union
    select customer_id from carried
),
snapshot_now as (select * from snapshot where month_on = $first_day),
usual as (
    select customer_id, avg(arpu_amount) as arpu_amount, avg(minutes_of_use) as minutes_of_use
    from snapshot
    where month_on < $first_day
    group by customer_id
    having count(*) = 3
),
stage as (
    select
        snapshot_now.customer_id,
        case
            when joined_on > $last_day - to_months($exploration_months) then 'exploration'
            when snapshot_now.arpu_amount <= usual.arpu_amount * (1 - $decline_share)
                or snapshot_now.minutes_of_use <= usual.minutes_of_use * (1 - $decline_share) then 'decline'
            when joined_on > $last_day - to_months($formation_months) then 'formation'
            when joined_on is not null then 'stable'
        end as lifecycle_stage_code
    from snapshot_now left join usual using (customer_id)
),
scored as (
    select
        customer.customer_id,
        coalesce(carried.carry_over_points, 0) as carry_over_points,
        coalesce(damage.damage_points, 0) as damage_points,
        coalesce(damage.repair_points, 0) as repair_points,
        greatest(0, coalesce(carried.carry_over_points, 0) + coalesce(damage.damage_points, 0) - coalesce(damage.repair_points, 0)) as score,
        coalesce(peak.peak_points, 0) as peak_points,
        peak.peak_subject_id,
        coalesce(latest.end_points, 0) as end_points,
        latest.end_at,
        coalesce(exposed.contact_count, 0) as contact_count,
        coalesce(exposed.incident_count, 0) as incident_count,
        coalesce(damage.ivr_points, 0) as ivr_points,
        coalesce(damage.agent_points, 0) as agent_points,
        coalesce(damage.is_explicit, false) as is_explicit,
        coalesce(damage.is_escalated, false) as is_escalated,
        stage.lifecycle_stage_code
    from customer
    left join damage using (customer_id)
    left join peak using (customer_id)
    left join exposed using (customer_id)
    left join latest using (customer_id)
    left join carried using (customer_id)
    left join stage using (customer_id)
),
final as (
    select
        $month as month,
        *,
        case
            when ivr_points > 0 and agent_points > 0 then 'double'
            when ivr_points > 0 then 'ivr'
            when agent_points > 0 then 'agent'
            else 'none'
        end as segment_code,
        greatest(
            case when is_escalated then $escalated_level else 0 end,
            case when is_explicit then $explicit_level else 0 end,
            case
                when score <= 0 then 0
                when score < $moderate_from then 1
                when score < $severe_from then 2
                when score < $critical_from then 3
                else 4
            end
        ) as level,
        $is_closed as is_closed
    from scored
)
select * from final
