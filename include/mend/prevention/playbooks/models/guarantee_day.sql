-- model: guarantee_day
-- grain: one promise, city and day on which something is paid
-- inputs: promise_paid
-- order: promise_code, city_code, decided_on
-- Paid cases day by day: how much days differ says how sure the next month is.
with
final as (
    select promise_code, city_code, decided_on, count(*) as paid_count
    from promise_paid
    where is_paid
    group by promise_code, city_code, decided_on
)
select * from final
