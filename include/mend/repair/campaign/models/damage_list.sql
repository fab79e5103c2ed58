-- Damaged customers of a closed month, ranked within their city, with the reasons that cost most. Inputs: month_file, ledger, snapshot
-- (the month's customer snapshot), mart_indicator (the rules in words).
with
damaged as (select * from month_file where month = $month and level >= 1),
entry as (
    select ledger.customer_id, ledger.indicator_id, ledger.rule_version, sum(ledger.points) as points,
        count(case when entry_kind_code = 'debit' then 1 end) as times
    from ledger
    semi join damaged using (customer_id)
    where ledger.posted_on between $first_day and $last_day and ledger.entry_kind_code <> 'credit'
    group by all
),
worded as (
    select
        entry.customer_id, entry.points, entry.indicator_id,
        case when entry.times > 1 then mart_indicator.name_en || ' ×' || entry.times else mart_indicator.name_en end as en,
        case when entry.times > 1 then mart_indicator.name_zh || '×' || entry.times else mart_indicator.name_zh end as zh
    from entry join mart_indicator using (indicator_id, rule_version)
    where entry.points > 0
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
city as (select customer_id, city_code from snapshot where month_on = $first_day),
final as (
    select
        damaged.month,
        coalesce(city.city_code, 'unknown') as city_code,
        row_number() over (
            partition by coalesce(city.city_code, 'unknown')
            order by damaged.level desc, damaged.score desc, damaged.segment_code, damaged.customer_id
        ) as rank,
        damaged.customer_id,
        damaged.level,
        damaged.score,
        damaged.segment_code,
        damaged.is_explicit,
        damaged.lifecycle_stage_code,
        damaged.contact_count,
        damaged.incident_count,
        damaged.peak_points,
        coalesce(reason.reasons_en, 'carried over from earlier months') as reasons_en,
        coalesce(reason.reasons_zh, '以前月份结转') as reasons_zh
    from damaged
    left join city using (customer_id)
    left join reason using (customer_id)
)
select * from final
