-- model: report_basis
-- grain: one kind, what the type rests on, and classifier
-- inputs: grumble_file, complaint_file
-- params: first, last
-- order: kind desc, count desc, classified_by_code, classifier_version
-- Grumbles and complaints by what their type rests on: how many, their share, the mean confidence.
with
every as (
    select 'grumble' as kind, classified_by_code, classifier_version, confidence
    from grumble_file
    where grumbled_on between $first and $last
    union all
    select 'complaint', classified_by_code, classifier_version, confidence
    from complaint_file
    where complained_on between $first and $last
),
final as (
    select
        kind, classified_by_code, coalesce(classifier_version, '-') as classifier_version, count(*) as count,
        round(count(*) / sum(count(*)) over (partition by kind), 4) as kind_share,
        round(sum(cast(round(1e9 * confidence) as bigint)) / nullif(count(confidence), 0) / 1e9, 3) as mean_confidence
    from every
    group by kind, classified_by_code, classifier_version
)
select * from final
