-- model: strategy_count
-- grain: one strategy, channel and city of the list
-- inputs: list_row
-- order: strategy_code, channel_code, city_code
-- What the list does and costs, by strategy and city.
with
final as (
    select
        strategy_code,
        channel_code,
        city_code,
        count(*) as row_count,
        count(case when is_entitlement then 1 end) as owed_count,
        count(case when is_overload then 1 end) as overload_count,
        cast(sum(cost) as bigint) as cost,
        cast(sum(amount) as bigint) as amount,
        cast(sum(benefit) as bigint) as benefit
    from list_row
    group by all
)
select * from final
