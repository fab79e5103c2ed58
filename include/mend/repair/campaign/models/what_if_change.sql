-- model: what_if_change
-- grain: one customer who comes, goes or gets something else
-- inputs: today_listed, other_listed, campaign_candidate
-- order: place
-- An empty text is nothing.
with
compared as (
    select
        coalesce(today_listed.customer_id, other_listed.customer_id) as customer_id,
        coalesce(today_listed.strategies, '') as today,
        coalesce(other_listed.strategies, '') as other
    from today_listed
    full join other_listed on today_listed.customer_id = other_listed.customer_id
),
final as (
    select campaign_candidate.place, compared.customer_id, campaign_candidate.city_code, campaign_candidate.level,
        compared.today, compared.other
    from compared
    join campaign_candidate on compared.customer_id = campaign_candidate.customer_id
    where compared.today <> compared.other
)
select * from final
