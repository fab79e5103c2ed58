-- model: publish_row
-- grain: one customer and strategy of the list
-- inputs: list_row, strategy_word
-- The list as the operations database takes it in.
with
final as (
    select
        list_row.strategy_code,
        list_row.customer_id,
        list_row.city_code,
        list_row.channel_code,
        list_row.action_code,
        strategy_word.consent_code,
        list_row.rank,
        list_row.level,
        list_row.amount,
        list_row.cost,
        list_row.is_entitlement,
        list_row.is_overload,
        list_row.planned_on,
        list_row.valid_from,
        list_row.valid_until,
        list_row.label_en,
        list_row.label_zh
    from list_row
    join strategy_word on list_row.strategy_code = strategy_word.strategy_code
)
select * from final
