-- model: list_change
-- grain: one strategy of this list or of the one before
-- inputs: list_row, earlier_row
-- order: strategy_code
-- What is other than in the list before: rows, cost, and customers who are on both.
with
joined as (
    select coalesce(list_row.strategy_code, earlier_row.strategy_code) as strategy_code, list_row.cost,
        earlier_row.cost as earlier_cost,
        list_row.customer_id is not null as is_now, earlier_row.customer_id is not null as was_then
    from list_row
    full join earlier_row on list_row.customer_id = earlier_row.customer_id
        and list_row.strategy_code = earlier_row.strategy_code
),
final as (
    select
        strategy_code,
        count(case when is_now then 1 end) as row_count,
        count(case when was_then then 1 end) as earlier_count,
        count(case when is_now and was_then then 1 end) as both_count,
        cast(coalesce(sum(cost), 0) as bigint) as cost,
        cast(coalesce(sum(earlier_cost), 0) as bigint) as earlier_cost
    from joined
    group by strategy_code
)
select * from final
