-- model: warning_capacity
-- grain: one department
-- inputs: capacity_night
-- params: latest
-- Where each line stands on the latest night.
with
final as (
    select
        department_code, day_on, specialist_count, cast(capacity_minutes as decimal(9, 3)) as capacity_minutes,
        cast(needed_minutes as decimal(9, 3)) as needed_minutes, candidate_count, listed_count, new_count, line_level,
        cast(100 * line_probability as decimal(12, 2)) as line_percent, words_en, words_zh
    from capacity_night
    where day_on = $latest
)
select * from final
