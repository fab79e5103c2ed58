-- model: campaign_request_share
-- grain: one candidate of whom the contact rules are asked
-- inputs: campaign_request
-- params: share_count, share_number
-- The share of them that one session asks about.
select customer_id from campaign_request where place % $share_count = $share_number
