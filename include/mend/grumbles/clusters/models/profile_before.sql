-- model: profile_before
-- grain: one cluster of the month before
-- inputs: profile_file
-- params: month
-- order: kind_code, cluster_code
-- What the month before fitted. Months of earlier versions keep nothing.
select kind_code, cluster_code, fit, claim_state_code from profile_file where month = $month and fit is not null
