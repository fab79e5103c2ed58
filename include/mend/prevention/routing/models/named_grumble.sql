-- model: named_grumble
-- grain: one grumble
-- inputs: grumble_file, factor, person_of_customer, snapshot
-- params: month
-- Grumbles with a type, under the survey item of their factor and the department in charge. The city is that of the
-- customer's latest snapshot by then, else that of the record.
with
typed as (
    select
        coalesce(person_of_customer.person_id, grumble_file.customer_id) as customer_id,
        grumble_file.grumbled_on as day_on,
        grumble_file.city_code,
        factor.factor_code,
        factor.survey_item_code,
        factor.department_code
    from grumble_file
    join factor on grumble_file.grumble_type_code = factor.factor_code
    left join person_of_customer on grumble_file.customer_id = person_of_customer.customer_id
),
snapshots as (select customer_id, month_on, city_code from snapshot),
final as (
    select
        typed.customer_id,
        typed.day_on,
        strftime(typed.day_on, '%Y-%m') as month,
        strftime(typed.day_on, '%Y-%m') = $month as is_now,
        typed.department_code,
        typed.survey_item_code,
        typed.factor_code,
        coalesce(nullif(snapshots.city_code, ''), nullif(typed.city_code, ''), 'unknown') as city_code
    from typed
    asof left join snapshots on typed.customer_id = snapshots.customer_id and typed.day_on >= snapshots.month_on
)
select * from final
