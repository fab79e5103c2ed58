-- model: number_now
-- grain: one row of the list
-- inputs: shown_number, reason_word
-- The number that may be shown, or why there is none, in words.
with
final as (
    select
        shown_number.strategy_code,
        shown_number.customer_id,
        shown_number.phone_number,
        reason_word.en as note_en,
        reason_word.zh as note_zh
    from shown_number
    left join reason_word on shown_number.reason_code = reason_word.code
)
select * from final
