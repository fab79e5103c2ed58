-- Share of each type's grumbles that were followed by a complaint within the horizon, from the month of grumbles whose outcome is known at the
-- end of the day, by area. Few grumbles lean on the share of all. Inputs: grumble, complaint, every_taxonomy.
with
parent as (
    select grumble_type_code, max_by(parent_code, taxonomy_version) as parent_code
    from every_taxonomy
    where taxonomy_version <= $day and parent_code is not null
    group by all
),
known as (
    select grumble_id, customer_id, coalesce(parent.parent_code, grumble_type_code) as area_code, grumbled_on
    from grumble left join parent using (grumble_type_code)
    where grumbled_on between $day - $horizon - 29 and $day - $horizon
),
outcome as (
    select known.grumble_id, bool_or(complaint.complaint_id is not null) as is_complaint
    from known
    left join complaint on complaint.customer_id = known.customer_id
        and complaint.complained_on between known.grumbled_on + 1 and known.grumbled_on + $horizon
    group by all
),
overall as (select avg(cast(is_complaint as integer)) as rate from outcome having count(*) >= $least),
of_type as (
    select known.area_code, count(*) as grumbles, count(case when outcome.is_complaint then 1 end) as complaints
    from known join outcome using (grumble_id)
    group by all
),
final as (
    select of_type.area_code, (complaints + $lean * overall.rate) / (grumbles + $lean) as rate
    from of_type cross join overall
    where of_type.area_code is not null
    union all
    select '*', rate from overall
)
select * from final
