-- model: campaign_floor
-- grain: one city
-- inputs: campaign_worth, campaign_placed, campaign_pattern_arm, campaign_drawn
-- order: city_number
-- Its candidates, and those who are listed already and of whom no choice is left: owed something and offered nothing,
-- or drawn.
with
drawn as (select place from campaign_drawn where is_served),
final as (
    select
        campaign_worth.city_number,
        count(*) as candidate_count,
        count(*) filter (
            where drawn.place is not null or (campaign_pattern_arm.is_entitled and not campaign_pattern_arm.is_offered)
        ) as listed_count
    from campaign_worth
    join campaign_placed on campaign_worth.place = campaign_placed.place
    join campaign_pattern_arm on campaign_placed.pattern_number = campaign_pattern_arm.pattern_number
    left join drawn on campaign_worth.place = drawn.place
    group by campaign_worth.city_number
)
select * from final
