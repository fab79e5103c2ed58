-- model: campaign_entitled
-- grain: one candidate and what they are owed
-- inputs: campaign_case, campaign_strategy, campaign_room
-- Served before all else, worst first. What goes beyond the seats, the budget or the centre's capacity is overload: it
-- stays on the list, and takes nothing from the capacity.
with
owed as (
    select place, strategy_number, pool_number, city_number, cost
    from campaign_case
    where is_entitlement and gate_mask = 0
),
queued as (
    select
        owed.*,
        row_number() over (partition by pool_number, city_number order by place, strategy_number) as of_city,
        sum(cost) over (
            partition by strategy_number, city_number order by place rows unbounded preceding
        ) as of_budget
    from owed
),
seated as (
    select
        queued.*,
        coalesce(of_city > pool.seats, false) or coalesce(of_budget > own.budget, false) as is_over_in_city
    from queued
    join campaign_room as pool on queued.pool_number = pool.strategy_number and queued.city_number = pool.city_number
    join campaign_room as own on queued.strategy_number = own.strategy_number and queued.city_number = own.city_number
),
centred as (
    select
        seated.*,
        count(*) filter (where not is_over_in_city) over (
            partition by pool_number order by place, strategy_number rows unbounded preceding
        ) as of_centre
    from seated
),
final as (
    select
        centred.place,
        centred.strategy_number,
        centred.pool_number,
        centred.city_number,
        centred.cost,
        centred.is_over_in_city or coalesce(centred.of_centre > campaign_strategy.total, false) as is_overload
    from centred
    join campaign_strategy on centred.pool_number = campaign_strategy.strategy_number
)
select * from final
