-- model: campaign_audience
-- grain: one candidate
-- inputs: campaign_feature
-- fills: audience_mask
-- For which strategies they are among the audience: bit k is the k-th. What cannot be told counts as no.
select place, cast({audience_mask} as bigint) as audience_mask from campaign_feature
