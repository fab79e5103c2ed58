-- model: version_row
-- grain: one version of the month
-- inputs: campaign_version
-- params: month, version
-- order: version
-- The version that was asked for, or all of the month: the last one is the latest.
with
final as (
    select
        month, version, content_sha256, strategies_text, candidate_count, listed_count, held_out_count, deferred_count,
        overload_count, gated, benefit, bound, gap, cost
    from campaign_version
    where month = $month and version = coalesce(cast($version as integer), version)
)
select * from final
