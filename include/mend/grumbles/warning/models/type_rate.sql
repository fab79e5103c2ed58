-- model: type_rate
-- grain: one night and area
-- inputs: rate_night, rated_grumble, rated_complaint, every_taxonomy
-- params: horizon, least, least_complaints, lean
-- Share of each type's grumbles that were followed by a complaint within the horizon, for each night from the month of
-- grumbles whose outcome is known at its end, by area ('*': all). Few grumbles lean on the share of all.
with
parent as (
    select rate_night.day_on, grumble_type_code, max_by(parent_code, taxonomy_version) as parent_code
    from every_taxonomy
    join rate_night on taxonomy_version <= rate_night.day_on
    where parent_code is not null
    group by all
),
known as (
    select
        rate_night.day_on, rated_grumble.grumble_id, rated_grumble.customer_id, rated_grumble.grumbled_on,
        coalesce(parent.parent_code, rated_grumble.grumble_type_code) as area_code
    from rated_grumble
    join rate_night
        on rated_grumble.grumbled_on between rate_night.day_on - $horizon - 29 and rate_night.day_on - $horizon
    left join parent on parent.day_on = rate_night.day_on and parent.grumble_type_code = rated_grumble.grumble_type_code
),
outcome as (
    select known.day_on, known.grumble_id, bool_or(rated_complaint.complaint_id is not null) as is_complaint
    from known
    left join rated_complaint on rated_complaint.customer_id = known.customer_id
        and rated_complaint.complained_on between known.grumbled_on + 1 and known.grumbled_on + $horizon
    group by all
),
overall as (
    select day_on, avg(cast(is_complaint as integer)) as rate
    from outcome
    group by day_on
    having count(*) >= $least and count(case when is_complaint then 1 end) >= $least_complaints
),
of_type as (
    select known.day_on, known.area_code, count(*) as grumbles, count(case when outcome.is_complaint then 1 end)
        as complaints
    from known join outcome using (day_on, grumble_id)
    group by all
),
final as (
    select of_type.day_on, of_type.area_code, (complaints + $lean * overall.rate) / (grumbles + $lean) as rate
    from of_type join overall using (day_on)
    where of_type.area_code is not null
    union all
    select day_on, '*', rate from overall
)
select * from final
