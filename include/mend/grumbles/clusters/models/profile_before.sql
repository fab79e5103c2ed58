-- model: profile_before
-- grain: one cluster of the month before
-- inputs: profile_file
-- Centres and scales of the month before.
select kind_code, cluster_code, centre, scale from profile_file order by kind_code, cluster_code
