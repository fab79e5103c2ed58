-- model: campaign_kept
-- grain: one candidate
-- inputs: campaign_candidate
-- Frozen candidates without what hangs on strategies: as they were before they were frozen.
select * exclude (withheld_mask, contact_mask, earlier_mask, capped_mask) from campaign_candidate
