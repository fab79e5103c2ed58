-- A customer's month: score, peak, end, exposure, segment, level, stage. Inputs: ledger (its entries), exposure (its contacts),
-- month_before (scores of the month before), snapshot (customer snapshots of the month and the three before).
-- Customers and experiences are told apart by whole numbers (hashes) while they are counted: numbers group and join much faster.
with
entry as not materialized (
    select *, hash(customer_id) as customer_key, coalesce(incident_id, subject_id) as experience_id
    from ledger
    where posted_on between $first_day and $last_day
),
contact as not materialized (
    select *, hash(customer_id) as customer_key from exposure where posted_on between $first_day and $last_day
),
-- An experience is an incident, or the ticket, booking or reply that stands alone.
experience as materialized (
    select
        customer_key,
        any_value(customer_id) as customer_id,
        any_value(experience_id) as experience_id,
        cast(sum(case when entry_kind_code <> 'credit' then points end) as integer) as damage_points,
        cast(sum(case when entry_kind_code = 'credit' then -points else 0 end) as integer) as repair_points,
        cast(sum(case when stage_code = 'ivr' then points else 0 end) as integer) as ivr_points,
        cast(sum(case when stage_code in ('connection', 'agent', 'resolution') then points else 0 end) as integer) as agent_points,
        bool_or(is_explicit) as is_explicit,
        bool_or(list_contains($escalations, indicator_id)) as is_escalated
    from entry
    group by customer_key, hash(experience_id)
),
damage as materialized (
    select
        customer_key,
        any_value(customer_id) as customer_id,
        sum(damage_points) as damage_points,
        sum(repair_points) as repair_points,
        sum(ivr_points) as ivr_points,
        sum(agent_points) as agent_points,
        bool_or(is_explicit) as is_explicit,
        bool_or(is_escalated) as is_escalated,
        max(damage_points) as peak_points
    from experience
    group by customer_key
),
-- The dearest experience is the month's peak; of equally dear ones, the last by name.
peak as (
    select experience.customer_key, max(experience.experience_id) as peak_subject_id
    from experience
    semi join damage on experience.customer_key = damage.customer_key and experience.damage_points = damage.peak_points
    group by experience.customer_key
),
-- The latest experience: the last contact, or what was felt of a ticket, booking or reply after it.
last_contact as materialized (
    select
        customer_key,
        any_value(customer_id) as customer_id,
        max(last_contact_at) as moment,
        -- Of contacts of one moment (of a person's two ids) always the same one. Whole numbers, for the sake of speed.
        max_by(hash(last_contact_id), epoch_us(last_contact_at)::hugeint * 18446744073709551616::hugeint + hash(last_contact_id))
            as contact_key,
        sum(contact_count) as contact_count,
        sum(incident_count) as incident_count
    from contact
    group by customer_key
),
last_contact_points as (
    select last_contact.customer_key, sum(entry.points) as points
    from entry
    join last_contact
        on entry.customer_key = last_contact.customer_key
        and entry.felt_at = last_contact.moment
        and hash(entry.subject_id) = last_contact.contact_key
    where entry.record_code = 'contact'
    group by last_contact.customer_key
),
other as (
    select customer_key, felt_at as moment, cause_id as id, sum(points) as points
    from entry
    where record_code not in ('contact', 'credit')
    group by all
),
last_other as (select customer_key, max(moment) as moment, max_by(points, (moment, id)) as points from other group by customer_key),
-- A person of several ids carries over what each of them had.
carried as (
    select hash(customer_id) as customer_key, customer_id, cast(round(sum(score) * $carry_over, 2) as decimal(12, 2)) as carry_over_points
    from month_before
    group by customer_id
    having sum(score) * $carry_over >= 0.005
),
known as (
    select
        coalesce(last_contact.customer_key, damage.customer_key, carried.customer_key) as customer_key,
        coalesce(last_contact.customer_id, damage.customer_id, carried.customer_id) as customer_id,
        coalesce(carried.carry_over_points, 0) as carry_over_points,
        damage.* exclude (customer_key, customer_id),
        last_contact.* exclude (customer_key, customer_id, contact_key)
    from last_contact
    full join damage on last_contact.customer_key = damage.customer_key
    full join carried on coalesce(last_contact.customer_key, damage.customer_key) = carried.customer_key
),
customer as (
    select
        known.customer_key,
        known.customer_id,
        known.carry_over_points,
        cast(coalesce(known.damage_points, 0) as integer) as damage_points,
        cast(coalesce(known.repair_points, 0) as integer) as repair_points,
        cast(coalesce(known.ivr_points, 0) as integer) as ivr_points,
        cast(coalesce(known.agent_points, 0) as integer) as agent_points,
        coalesce(known.is_explicit, false) as is_explicit,
        coalesce(known.is_escalated, false) as is_escalated,
        cast(coalesce(known.peak_points, 0) as integer) as peak_points,
        peak.peak_subject_id,
        cast(coalesce(known.contact_count, 0) as integer) as contact_count,
        cast(coalesce(known.incident_count, 0) as integer) as incident_count,
        known.moment as contact_at,
        last_other.moment as other_at,
        cast(case
            when last_other.moment is null or last_other.moment <= known.moment then coalesce(last_contact_points.points, 0)
            else last_other.points
        end as integer) as end_points
    from known
    left join peak using (customer_key)
    left join last_contact_points using (customer_key)
    left join last_other using (customer_key)
),
snapshot_now as (select *, hash(customer_id) as customer_key from snapshot where month_on = $first_day),
usual as (
    select hash(customer_id) as customer_key, avg(arpu_amount) as arpu_amount, avg(minutes_of_use) as minutes_of_use
    from snapshot
    where month_on < $first_day
    group by 1
    having count(*) = 3
),
stage as (
    select
        snapshot_now.customer_key,
        case
            when joined_on > $last_day - to_months($exploration_months) then 'exploration'
            when snapshot_now.arpu_amount <= usual.arpu_amount * (1 - $decline_share)
                or snapshot_now.minutes_of_use <= usual.minutes_of_use * (1 - $decline_share) then 'decline'
            when joined_on > $last_day - to_months($formation_months) then 'formation'
            when joined_on is not null then 'stable'
        end as lifecycle_stage_code
    from snapshot_now left join usual using (customer_key)
),
scored as (
    select
        customer.* exclude (customer_key, contact_at, other_at),
        greatest(0, customer.carry_over_points + customer.damage_points - customer.repair_points) as score,
        greatest(customer.contact_at, customer.other_at) as end_at,
        stage.lifecycle_stage_code
    from customer left join stage using (customer_key)
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
