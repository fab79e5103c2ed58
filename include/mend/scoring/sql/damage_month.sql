-- A customer's month: score, peak, end, exposure, segment, level, stage. Inputs: ledger (its entries), exposure (its contacts),
-- month_before (scores of the month before), snapshot (customer snapshots of the month and the three before).
with
entry as not materialized (select * from ledger where posted_on between $first_day and $last_day),
contact as not materialized (select * from exposure where posted_on between $first_day and $last_day),
damage as (
    select
        customer_id,
        sum(case when entry_kind_code <> 'credit' then points end) as damage_points,
        -sum(case when entry_kind_code = 'credit' then points end) as repair_points,
        sum(case when stage_code = 'ivr' then points end) as ivr_points,
        sum(case when stage_code in ('connection', 'agent', 'resolution') then points end) as agent_points,
        bool_or(is_explicit) as is_explicit,
        bool_or(list_contains($escalations, indicator_id)) as is_escalated
    from entry
    group by customer_id
),
-- An experience is an incident, or the ticket, booking or reply that stands alone. The dearest is the month's peak.
experience as (
    select customer_id, coalesce(incident_id, subject_id) as subject_id, sum(points) as points
    from entry
    where entry_kind_code <> 'credit'
    group by all
),
peak as (
    select customer_id, max(points) as peak_points, max_by(subject_id, (points, subject_id)) as peak_subject_id
    from experience
    group by customer_id
),
-- The latest experience: the last contact, or what was felt of a ticket, booking or reply after it.
last_contact as (
    select customer_id, max(last_contact_at) as moment, max_by(last_contact_id, last_contact_at) as id,
        sum(contact_count) as contact_count, sum(incident_count) as incident_count
    from contact
    group by customer_id
),
last_contact_points as (
    select last_contact.customer_id, sum(entry.points) as points
    from entry
    join last_contact on entry.subject_id = last_contact.id
    where entry.record_code = 'contact'
    group by last_contact.customer_id
),
other as (
    select customer_id, felt_at as moment, cause_id as id, sum(points) as points
    from entry
    where record_code not in ('contact', 'credit')
    group by all
),
last_other as (select customer_id, max(moment) as moment, max_by(points, (moment, id)) as points from other group by customer_id),
carried as (
    select customer_id, cast(round(score * $carry_over, 2) as decimal(12, 2)) as carry_over_points
    from month_before
    where score * $carry_over >= 0.005
),
known as (
    select customer_id from last_contact
    union
    select customer_id from damage
    union
    select customer_id from carried
),
customer as (
    select
        known.customer_id,
        coalesce(carried.carry_over_points, 0) as carry_over_points,
        cast(coalesce(damage.damage_points, 0) as integer) as damage_points,
        cast(coalesce(damage.repair_points, 0) as integer) as repair_points,
        cast(coalesce(damage.ivr_points, 0) as integer) as ivr_points,
        cast(coalesce(damage.agent_points, 0) as integer) as agent_points,
        coalesce(damage.is_explicit, false) as is_explicit,
        coalesce(damage.is_escalated, false) as is_escalated,
        cast(coalesce(peak.peak_points, 0) as integer) as peak_points,
        peak.peak_subject_id,
        cast(coalesce(last_contact.contact_count, 0) as integer) as contact_count,
        cast(coalesce(last_contact.incident_count, 0) as integer) as incident_count,
        last_contact.moment as contact_at,
        last_other.moment as other_at,
        cast(case
            when last_other.moment is null or last_other.moment <= last_contact.moment then coalesce(last_contact_points.points, 0)
            else last_other.points
        end as integer) as end_points
    from known
    left join damage using (customer_id)
    left join peak using (customer_id)
    left join last_contact using (customer_id)
    left join last_contact_points using (customer_id)
    left join last_other using (customer_id)
    left join carried using (customer_id)
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
        customer.* exclude (contact_at, other_at),
        greatest(0, customer.carry_over_points + customer.damage_points - customer.repair_points) as score,
        greatest(customer.contact_at, customer.other_at) as end_at,
        stage.lifecycle_stage_code
    from customer left join stage using (customer_id)
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
