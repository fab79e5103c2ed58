-- model: campaign_worth
-- grain: one candidate
-- inputs: campaign_candidate, campaign_city, campaign_value
-- params: level_harm
-- What a repair is worth in their case: their damage, and how much more it weighs by value and by the probability that
-- they complain.
select
    campaign_candidate.place,
    campaign_city.city_number,
    campaign_candidate.level,
    greatest(
        cast(campaign_candidate.score as double), list_extract($level_harm, campaign_candidate.level + 1)
    ) as harm,
    (1 + coalesce(campaign_candidate.complaint_probability, 0)) * coalesce(campaign_value.weight, 1) as urgency
from campaign_candidate
join campaign_city on campaign_candidate.city_code = campaign_city.city_code
left join campaign_value on campaign_candidate.value_code = campaign_value.value_code
