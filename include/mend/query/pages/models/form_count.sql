-- model: form_count
-- grain: one form of grumbling and trend
-- inputs: month_row
-- params: month
-- Customers by the furthest form that they showed, and whether it is more than in the month before.
with
final as (
    select form_code, trend_code, count(*) as customer_count
    from month_row
    where month = $month
    group by form_code, trend_code
)
select * from final
