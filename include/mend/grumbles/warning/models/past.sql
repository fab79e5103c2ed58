-- model: past
-- grain: one night and open grumble
-- inputs: outcome
-- In order: the same rows give the same model.
select * from outcome order by day_on, grumble_id
