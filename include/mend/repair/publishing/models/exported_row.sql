-- model: exported_row
-- grain: one row of an export
-- inputs: list_row
-- params: channel, city
-- order: city_code, strategy_code, rank, customer_id
-- The rows that an export shows, by channel and, unless it is null, city: what the access log names.
with
final as (
    select city_code, strategy_code, rank, customer_id
    from list_row
    where channel_code = $channel and city_code = coalesce(cast($city as varchar), city_code)
)
select * from final
