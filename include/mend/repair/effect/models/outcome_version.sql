-- model: outcome_version
-- grain: one month of which outcomes are known
-- inputs: outcome_file
-- order: month
-- The newest version of each month, and how far its customers are followed at least.
with
newest as (select month, max(version) as version from outcome_file group by month),
final as (
    select outcome_file.month, outcome_file.version, min(outcome_file.followed_until) as followed_until
    from outcome_file
    join newest on outcome_file.month = newest.month and outcome_file.version = newest.version
    group by outcome_file.month, outcome_file.version
)
select * from final
