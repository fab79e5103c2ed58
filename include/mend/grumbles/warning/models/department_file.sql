-- model: department_file
-- grain: one customer on a department's list
-- inputs: warning_row, snapshot
-- params: department, unmasked
-- One department's warning list as people read it.
with
row_of_department as (select * from warning_row where department_code = $department),
final as (
    select
        row_of_department.rank,
        row_of_department.owner_id,
        row_of_department.customer_id,
        case
            when snapshot.phone_number is null then ''
            when $unmasked then snapshot.phone_number
            else masked_number(snapshot.phone_number)
        end as phone_number,
        row_of_department.is_new,
        row_of_department.first_warned_on,
        row_of_department.level,
        round(100 * row_of_department.probability_7_days, 1) as probability_7_percent,
        round(100 * row_of_department.probability_30_days, 1) as probability_30_percent,
        row_of_department.grumble_type_code,
        row_of_department.survey_item_code,
        row_of_department.value_code,
        row_of_department.behaviour_code,
        row_of_department.city_code,
        row_of_department.peak_level,
        row_of_department.end_level,
        row_of_department.strategy_en,
        row_of_department.strategy_zh,
        row_of_department.expects_en,
        row_of_department.expects_zh,
        row_of_department.does_en,
        row_of_department.does_zh,
        row_of_department.reasons_en,
        row_of_department.reasons_zh
    from row_of_department
    left join snapshot using (customer_id)
    order by row_of_department.rank
)
select * from final
