-- The monthly snapshot of each person who is a customer on the month's first day (and of those who left in the month
-- before, as left).
with
monthly as (
    select
        person.*, month_setting.month_on, month_setting.month_index, month_setting.day_count,
        mix(mix(person.h, 'snapshot'), month_setting.month_index) as m,
        -- The three months before are not in the world, so a decline shows from the first month whose predecessors are.
        case when month_setting.month_index >= person.declines_month then 0.5 else 1.0 end as decline
    from person
    cross join month_setting
    where person.joined_on <= month_setting.month_on and person.leaves_month + 1 >= month_setting.month_index
),
final as (
    select
        customer_id, month_on, phone_number, city_code, brand_code, birth_year, gender_code, joined_on, plan_code,
        (base_arpu * decline * (0.92 + 0.16 * draw(m, 'arpu')))::decimal(18, 2) as arpu_amount,
        floor(base_arpu * 6 * decline * (0.85 + 0.3 * draw(m, 'minutes')))::integer as minutes_of_use,
        floor(waiting(m, 'sms', 40.0))::integer as sms_count,
        floor(base_arpu * 180 * decline * (0.8 + 0.4 * draw(m, 'data')))::integer as data_mb,
        floor(waiting(m, 'extra', 6.0))::decimal(18, 2) as value_added_amount,
        case when draw(m, 'arrears') < 0.04 then 1 else 0 end as arrears_count,
        case when draw(m, 'arrears') < 0.015 then 1 else 0 end as suspension_count,
        has_survey_consent, has_marketing_consent,
        case when leaves_month < month_index then 'left' else 'active' end as status_code
    from monthly
)
select * from final
