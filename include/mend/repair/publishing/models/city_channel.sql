-- model: city_channel
-- grain: one city and channel of the list
-- inputs: list_row
-- order: city_code, channel_code
-- Which files a list has.
with final as (select distinct city_code, channel_code from list_row)
select * from final
