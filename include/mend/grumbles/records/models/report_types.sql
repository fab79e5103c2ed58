-- model: report_types
-- grain: one type
-- inputs: grumble_file, complaint_file
-- params: first, last
-- order: grumbles + complaints desc, type_code nulls last
-- How often each type was grumbled about and complained of on the days asked for.
with
grumbled as (
    select
        grumble_type_code as type_code,
        count(*) as grumbles,
        count(distinct customer_id) as customers,
        count(case when solved_at is null then 1 end) as open_grumbles
    from grumble_file where grumbled_on between $first and $last group by 1
),
complained as (
    select complaint_type_code as type_code, count(*) as complaints, count(case when is_escalated then 1 end)
        as escalated
    from complaint_file where complained_on between $first and $last group by 1
),
final as (
    select
        coalesce(grumbled.type_code, complained.type_code) as type_code,
        coalesce(grumbles, 0) as grumbles, coalesce(customers, 0) as customers,
        coalesce(open_grumbles, 0) as open_grumbles,
        coalesce(complaints, 0) as complaints, coalesce(escalated, 0) as escalated
    from grumbled
    full join complained on grumbled.type_code is not distinct from complained.type_code
)
select * from final
