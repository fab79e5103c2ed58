-- model: campaign_indicator
-- grain: one indicator of damage
-- inputs: indicator_words
-- params: last_day
-- order: indicator_id
-- Its words in the newest version that is in force on a day.
with
damage as (select * from indicator_words where points > 0 and rule_version <= $last_day),
newest as (
    select * from damage qualify row_number() over (partition by indicator_id order by rule_version desc) = 1
),
final as (select indicator_id, name_en, name_zh from newest)
select * from final
