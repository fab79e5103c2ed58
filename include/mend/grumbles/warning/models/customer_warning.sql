-- model: customer_warning
-- grain: one customer warned about within the quiet period
-- inputs: warning_night
-- params: first, latest
-- Their latest warning.
with
latest as (
    select *, row_number() over (partition by customer_id order by day_on desc) as place
    from warning_night
    where day_on between $first and $latest
),
final as (
    select
        customer_id, first_warned_on, day_on as last_warned_on, is_new and day_on = $latest as is_new,
        day_on = $latest as is_listed, level,
        cast(100 * probability_7_days as decimal(12, 2)) as probability_7_percent,
        cast(100 * probability_30_days as decimal(12, 2)) as probability_30_percent,
        department_code, owner_id, grumble_id, grumble_type_code, survey_item_code, strategy_code, strategy_en,
        strategy_zh, reasons_en,
        reasons_zh
    from latest
    where place = 1
)
select * from final
