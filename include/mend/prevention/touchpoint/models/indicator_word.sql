-- model: indicator_word
-- grain: one indicator
-- inputs: indicator_file
-- params: last_day
-- order: indicator_id
-- Its words by the latest rules up to a day.
with
placed as (
    select *, row_number() over (partition by indicator_id order by rule_version desc) as place
    from indicator_file
    where rule_version <= $last_day
),
final as (select indicator_id, name_en, name_zh from placed where place = 1)
select * from final
