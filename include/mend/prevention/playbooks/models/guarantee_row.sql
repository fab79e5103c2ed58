-- model: guarantee_row
-- grain: one promise and city of a month; without a city the whole centre
-- inputs: guarantee_file
-- params: month
-- order: promise_code, city_code nulls first
-- A month's rows, as they are in the table.
with
final as (
    select
        month,
        promise_code,
        promise_en,
        promise_zh,
        kind_code,
        city_code,
        limit_seconds,
        amount,
        is_measured,
        why_not_measured,
        case_count,
        kept_count,
        broken_count,
        unknown_count,
        nameless_count,
        capped_count,
        paid_count,
        yuan,
        unknown_yuan,
        next_low,
        next_high,
        promises_valid_from
    from guarantee_file
    where month = $month
)
select * from final
