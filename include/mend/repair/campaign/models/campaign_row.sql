-- model: campaign_row
-- grain: one row of the list, without its words
-- inputs: campaign_entitled, campaign_chosen, campaign_strategy, campaign_worth
-- params: first_day, last_day
-- Ranks and days. Of one capacity what is owed comes first, then who was drawn, then the worst; each day takes what it
-- can, and what is over the month's capacity stands on the last day. A pool is the strategy whose capacity is used.
--   capacity 2 a day | owed | drawn | chosen -> day 1, day 1, day 2
with
listed as (
    select place, strategy_number, is_overload, 0 as turn, cast(null as double) as sample_probability
    from campaign_entitled
    union all
    select place, strategy_number, false, case when is_drawn then 1 else 2 end, sample_probability from campaign_chosen
),
ordered as (
    select
        listed.*,
        campaign_strategy.pool_number,
        row_number() over (
            partition by listed.strategy_number, campaign_worth.city_number order by listed.place
        ) as rank,
        row_number() over (
            partition by campaign_strategy.pool_number
            order by listed.is_overload, listed.turn, listed.place, listed.strategy_number
        ) as of_pool
    from listed
    join campaign_strategy on listed.strategy_number = campaign_strategy.strategy_number
    join campaign_worth on listed.place = campaign_worth.place
),
final as (
    select
        ordered.place,
        ordered.strategy_number,
        ordered.is_overload,
        cast(ordered.rank as integer) as rank,
        case
            when ordered.is_overload then cast($last_day as date)
            when pool.per_day is null then cast($first_day as date)
            else least(
                cast($last_day as date),
                cast($first_day as date) + cast((ordered.of_pool - 1) // greatest(pool.per_day, 1) as integer)
            )
        end as planned_on,
        ordered.sample_probability
    from ordered
    join campaign_strategy as pool on ordered.pool_number = pool.strategy_number
)
select * from final
