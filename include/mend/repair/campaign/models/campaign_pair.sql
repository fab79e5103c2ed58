-- model: campaign_pair
-- grain: one candidate and a discretionary strategy that lets them through
-- inputs: campaign_case, campaign_pattern_arm, campaign_drawn
-- params: is_shadow
-- order: place, strategy_number
-- What the solver chooses from. A shadow is of those who are withheld from something, over all that lets them through.
select
    campaign_case.place,
    campaign_case.strategy_number,
    campaign_case.city_number,
    campaign_case.benefit,
    cast(campaign_case.cost as integer) as cost
from campaign_case
join campaign_pattern_arm on campaign_case.pattern_number = campaign_pattern_arm.pattern_number
left join campaign_drawn on campaign_case.place = campaign_drawn.place and campaign_drawn.is_served
where case
    when $is_shadow then campaign_pattern_arm.is_withheld and campaign_case.arm_code is not null
    else campaign_case.arm_code = 'offered' and campaign_drawn.place is null
end
