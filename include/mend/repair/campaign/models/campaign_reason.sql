-- model: campaign_reason
-- grain: one text of indicators
-- inputs: campaign_row, campaign_candidate, indicator_word
-- The main reasons in words: `AGT-08:10:2` is the wrong answer, twice, that cost 10 points.
with
found as (
    select distinct campaign_candidate.reason_ids
    from campaign_candidate
    semi join campaign_row on campaign_candidate.place = campaign_row.place
    where campaign_candidate.reason_ids <> ''
),
part as (select reason_ids, unnest(string_split(reason_ids, ',')) as part, generate_subscripts(
    string_split(reason_ids, ','), 1) as turn from found),
split as (
    select reason_ids, turn, split_part(part, ':', 1) as indicator_id, split_part(part, ':', 2) as points,
        split_part(part, ':', 3) as times
    from part
),
worded as (
    select
        split.*,
        case when times in ('0', '1') then '' else times end as often,
        coalesce(indicator_word.name_en, split.indicator_id) as en,
        coalesce(indicator_word.name_zh, split.indicator_id) as zh
    from split
    left join indicator_word on split.indicator_id = indicator_word.indicator_id
),
final as (
    select
        reason_ids,
        string_agg(
            en || case when often = '' then '' else ' ×' || often end || ' (' || points || ')', '; ' order by turn
        ) as reasons_en,
        string_agg(zh || case when often = '' then '' else '×' || often end || '（' || points || '）', '；' order by turn)
            as reasons_zh
    from worded
    group by reason_ids
)
select * from final
