-- model: what_if_base
-- grain: one candidate
-- inputs: kept_candidate
-- The same candidates, to be frozen under other strategies.
select * from kept_candidate
