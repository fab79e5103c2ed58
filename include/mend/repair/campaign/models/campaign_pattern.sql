-- model: campaign_pattern
-- grain: one pattern of what decides on gates and arms
-- inputs: campaign_key
-- Numbered in the order of their values: the same candidates in another order give the same numbers.
with
pattern as (select distinct * exclude (place) from campaign_key),
final as (
    select
        *,
        cast(row_number() over (
            order by audience_mask, fact_mask, contact_mask, earlier_mask, capped_mask, withheld_mask, level
        ) as integer) as pattern_number
    from pattern
)
select * from final
