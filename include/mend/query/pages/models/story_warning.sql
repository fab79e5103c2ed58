-- model: story_warning
-- grain: one warning of a customer in the month: its latest night
-- inputs: warning_night, person_of_customer
-- share: customer_id
with
latest as (
    select
        coalesce(person_of_customer.person_id, warning_night.customer_id) as person_id, warning_night.*,
        row_number() over (
            partition by coalesce(person_of_customer.person_id, warning_night.customer_id), first_warned_on
            order by day_on desc, warning_night.customer_id
        ) as place
    from warning_night
    left join person_of_customer on warning_night.customer_id = person_of_customer.customer_id
),
final as (
    select
        person_id as customer_id, first_warned_on, day_on as last_warned_on, level, probability_7_days,
        probability_30_days, department_code, owner_id, grumble_type_code, strategy_en, strategy_zh, reasons_en,
        reasons_zh
    from latest
    where place = 1
)
select * from final
