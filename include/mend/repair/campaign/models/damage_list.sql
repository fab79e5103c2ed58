-- model: damage_list
-- grain: one damaged customer of a closed month
-- inputs: month_file, entry, indicator_words
-- params: month, reasons
-- Damaged customers, ranked within their city, with the reasons that cost most. Who left is on no list, nor who is
-- wholly repaired. Of one level the doubly damaged come first, then the explicit, then by score, then by id.
with
damaged as (select * from month_file where month = $month and level >= 1 and not has_left and not is_in_consolidation),
cost as (
    select entry.customer_id, entry.indicator_id, entry.rule_version, cast(sum(entry.points) as integer) as points,
        count(case when entry.entry_kind_code = 'debit' then 1 end) as times
    from entry
    semi join damaged on entry.customer_id = damaged.customer_id
    where entry.entry_kind_code <> 'credit'
    group by all
),
worded as (
    select
        cost.customer_id, cost.points, cost.indicator_id,
        case when cost.times > 1 then indicator_words.name_en || ' ×' || cost.times
            else indicator_words.name_en end as en,
        case when cost.times > 1 then indicator_words.name_zh || '×' || cost.times else indicator_words.name_zh end
            as zh
    from cost
    join indicator_words on cost.indicator_id = indicator_words.indicator_id
        and cost.rule_version = indicator_words.rule_version
    where cost.points > 0
),
placed as (
    select *, row_number() over (partition by customer_id order by points desc, indicator_id) as place from worded
),
reason as (
    select
        customer_id,
        string_agg(en || ' (' || points || ')', '; ' order by place) as reasons_en,
        string_agg(zh || '（' || points || '）', '；' order by place) as reasons_zh
    from placed
    where place <= $reasons
    group by customer_id
),
final as (
    select
        damaged.month,
        coalesce(damaged.city_code, 'unknown') as city_code,
        row_number() over (
            partition by coalesce(damaged.city_code, 'unknown')
            order by damaged.level desc, damaged.segment_code = 'double' desc, damaged.explicit_grade > 0 desc,
            damaged.score desc,
                damaged.customer_id
        ) as rank,
        damaged.customer_id,
        damaged.level,
        damaged.score,
        damaged.segment_code,
        damaged.is_explicit,
        damaged.explicit_grade,
        damaged.is_last_known,
        damaged.lifecycle_stage_code,
        damaged.contact_count,
        damaged.incident_count,
        damaged.peak_points,
        coalesce(
            reason.reasons_en,
            case when damaged.score > 0 then 'carried over from earlier months'
                else 'grumble, complaint or poor rating' end
        ) as reasons_en,
        coalesce(reason.reasons_zh, case when damaged.score > 0 then '以前月份结转' else '抱怨、投诉或评价不满意' end) as reasons_zh
    from damaged
    left join reason on damaged.customer_id = reason.customer_id
)
select * from final
