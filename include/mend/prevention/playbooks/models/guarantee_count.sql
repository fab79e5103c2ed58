-- model: guarantee_count
-- grain: one promise and city; without a city the whole centre
-- inputs: promise_paid
-- order: promise_code, city_code nulls first
-- What became of each promise.
with
final as (
    select
        promise_code,
        city_code,
        count(*) as case_count,
        count(*) filter (where state_code = 'kept') as kept_count,
        count(*) filter (where state_code = 'broken') as broken_count,
        count(*) filter (where state_code = 'unknown') as unknown_count,
        count(*) filter (where is_nameless) as nameless_count,
        count(*) filter (where is_capped) as capped_count,
        count(*) filter (where is_paid) as paid_count
    from promise_paid
    group by grouping sets ((promise_code, city_code), (promise_code))
)
select * from final
