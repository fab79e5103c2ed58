-- model: everybody
-- grain: one customer of the month, now or as published
-- inputs: month_row, known_row
-- share: customer_id
with
final as (
    select customer_id from month_row
    union
    select customer_id from known_row
)
select * from final
