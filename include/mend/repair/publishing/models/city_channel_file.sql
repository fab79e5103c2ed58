-- model: city_channel_file
-- grain: one row of a city's list for a channel
-- inputs: list_row, number_now, strategy_word, level_word, segment_word
-- params: list_id, city, channel, is_unmasked
-- order: strategy_code, rank, customer_id
-- One city's list for one channel as people read it. A number that may be somebody else's is not shown; the reason is.
-- With list, customer, strategy and action a channel's report on a row (campaign_channel) finds the row again.
with
final as (
    select
        $list_id as list_id,
        list_row.strategy_code,
        list_row.rank,
        strategy_word.name_en as strategy_en,
        strategy_word.name_zh as strategy_zh,
        list_row.customer_id,
        case
            when number_now.phone_number is null then ''
            when $is_unmasked then number_now.phone_number
            else masked_number(number_now.phone_number)
        end as phone_number,
        number_now.note_en as number_note_en,
        number_now.note_zh as number_note_zh,
        list_row.planned_on,
        list_row.valid_until,
        list_row.action_code,
        list_row.amount,
        list_row.is_entitlement,
        list_row.is_overload,
        list_row.label_en,
        list_row.label_zh,
        list_row.level,
        level_word.en as level_en,
        level_word.zh as level_zh,
        list_row.score,
        segment_word.en as segment_en,
        segment_word.zh as segment_zh,
        list_row.reasons_en,
        list_row.reasons_zh,
        round(list_row.sample_probability, 6) as sample_probability
    from list_row
    join strategy_word on list_row.strategy_code = strategy_word.strategy_code
    left join number_now on number_now.customer_id = list_row.customer_id
        and number_now.strategy_code = list_row.strategy_code
    left join level_word on level_word.code = cast(list_row.level as varchar)
    left join segment_word on segment_word.code = list_row.segment_code
    where list_row.city_code = $city and list_row.channel_code = $channel
)
select * from final
