-- model: campaign_chosen
-- grain: one candidate and the one discretionary strategy that they get
-- inputs: campaign_drawn, campaign_allocated
-- Who was drawn, with the probability of it, and who was allocated.
select place, strategy_number, true as is_drawn, sample_probability from campaign_drawn where is_served
union all
select place, strategy_number, false, null from campaign_allocated
