-- model: feature_part
-- grain: one night and open grumble
-- inputs: open_part, grumble, complaint, exposure, association
-- share: customer_id
-- params: recent_days, complaint_days, window_days
-- fills: open_areas
-- What is known of each open grumble of a share at the end of its night: the features of the complaint model. The
-- columns open_0, open_1 ... of the areas are put in by name.
with
person as (select distinct day_on, ends_at, customer_id from open_part),
history as (
    select
        person.day_on, person.customer_id,
        count(case when grumble.grumbled_on > person.day_on - 7 then 1 end) as recent_7,
        count(case when grumble.grumbled_on > person.day_on - $recent_days then 1 end) as recent_count,
        min(date_diff('day', grumble.grumbled_on, person.day_on)) as latest_days
    from person
    join grumble on grumble.customer_id = person.customer_id
        and grumble.grumbled_on between person.day_on - $recent_days + 1 and person.day_on
    group by all
),
complained as (
    select
        person.day_on, person.customer_id, count(*) as complaint_count,
        count(case when complaint.complained_on > person.day_on - 30 then 1 end) as complaint_30,
        min(date_diff('day', complaint.complained_on, person.day_on)) as complaint_days
    from person
    join complaint on complaint.customer_id = person.customer_id
        and complaint.complained_on between person.day_on - $complaint_days + 1 and person.day_on
    group by all
),
reached as (
    select person.day_on, person.customer_id, sum(exposure.contact_count) as contact_30
    from person
    join exposure on exposure.customer_id = person.customer_id
        and exposure.subject_on between person.day_on - 29 and person.day_on
    group by all
),
open_of_person as (
    select day_on, customer_id, {open_areas}
    from open_part
    group by all
),
influence as (
    select month, cluster_code, grumble_type_code,
    case when is_significant then coefficient when coefficient is not null then 0 end as coefficient
    from association
    where window_days = $window_days and complaint_type_code = 'any'
),
final as (
    select
        open_part.day_on, open_part.grumble_id, open_part.customer_id, open_part.area_code, open_part.age_days,
        open_part.solved_state_code, open_part.mood_code, open_part.value_code, open_part.behaviour_code,
        open_part.source_kind_code,
        case open_part.is_company_at_fault when true then 'yes' when false then 'no' end as fault_code,
        date_diff('month', open_part.joined_on, open_part.day_on) as tenure_months,
        cast(open_part.arpu_amount as double) as arpu_amount,
        coalesce(own.coefficient, everybody.coefficient, own_area.coefficient, area.coefficient) as coefficient,
        coalesce(history.recent_7, 0) as recent_7,
        coalesce(history.recent_count, 0) as recent_count,
        history.latest_days,
        coalesce(complained.complaint_count, 0) as complaint_count,
        coalesce(complained.complaint_30, 0) as complaint_30,
        complained.complaint_days,
        coalesce(reached.contact_30, 0) as contact_30,
        open_of_person.* exclude (day_on, customer_id)
    from open_part
    left join history on history.day_on = open_part.day_on and history.customer_id = open_part.customer_id
    left join complained on complained.day_on = open_part.day_on and complained.customer_id = open_part.customer_id
    left join reached on reached.day_on = open_part.day_on and reached.customer_id = open_part.customer_id
    left join open_of_person on open_of_person.day_on = open_part.day_on
        and open_of_person.customer_id = open_part.customer_id
    left join influence as own on own.month = open_part.result_month and own.cluster_code = open_part.behaviour_code
        and own.grumble_type_code = open_part.grumble_type_code
    left join influence as everybody on everybody.month = open_part.result_month and everybody.cluster_code = 'all'
        and everybody.grumble_type_code = open_part.grumble_type_code
    left join influence as own_area on own_area.month = open_part.result_month
        and own_area.cluster_code = open_part.behaviour_code
        and own_area.grumble_type_code = open_part.area_code
    left join influence as area on area.month = open_part.result_month and area.cluster_code = 'all'
        and area.grumble_type_code = open_part.area_code
)
select * from final
