-- model: campaign_request_share
-- grain: one candidate of whom the contact rules are asked
-- inputs: campaign_request
-- params: share_count, share_number
-- The share of them that one session asks about: by a hash of the key.
select * from campaign_request where md5_number_lower(request_key) % $share_count = $share_number
