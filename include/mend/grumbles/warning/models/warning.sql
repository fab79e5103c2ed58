-- model: warning
-- grain: one customer on a night's list
-- inputs: listed, taxonomy, item_of_type, strategy, expectation, part_words, solved_words
-- params: recent_days, age_place
-- mart_warning: the nights' warning lists in words. strategy: by level and value; expectation: by
-- cluster and point, the first that fits; age_place: where words have the age.
with
strategic as (
    select listed.day_on, listed.customer_id, arg_min(strategy.code, strategy.place) as code,
    arg_min(strategy.en, strategy.place) as en,
        arg_min(strategy.zh, strategy.place) as zh
    from listed
    join strategy on strategy.level = listed.level
        and (strategy.value_code is null or strategy.value_code = listed.value_code)
    group by all
),
expected as (
    select
        listed.day_on, listed.customer_id, arg_min(expectation.expects_en, expectation.place) as expects_en,
        arg_min(expectation.expects_zh, expectation.place) as expects_zh,
        arg_min(expectation.does_en, expectation.place) as does_en,
        arg_min(expectation.does_zh, expectation.place) as does_zh
    from listed
    join expectation
        on (expectation.behaviour_code is null or expectation.behaviour_code = listed.behaviour_code)
            and (
                expectation.point_code is null
                or expectation.point_code = listed.grumble_type_code
                or expectation.point_code = listed.area_code
            )
    group by all
),
final as (
    select
        listed.day_on, listed.department_code, listed.rank, listed.customer_id, listed.owner_id, listed.grumble_id,
        listed.grumble_type_code, listed.city_code, listed.value_code, listed.behaviour_code, listed.level,
        listed.probability_7_days,
        listed.probability_30_days, listed.peak_grumble_id, listed.peak_level, listed.end_grumble_id, listed.end_level,
        listed.open_count,
        item_of_type.survey_item_code,
        strategic.code as strategy_code, strategic.en as strategy_en, strategic.zh as strategy_zh,
        concat_ws(
            '; ',
            coalesce(taxonomy.name_en, listed.grumble_type_code, 'unclassified grumble'),
            replace(duration.en, $age_place, cast(listed.age_days as varchar)),
            solved_words.en,
            case when listed.association_coefficient is not null then association.en end,
            case when listed.behaviour_code <> 'not_shown_yet' then tolerance.en end,
            case when listed.recent_count > 1
                then listed.recent_count || ' grumbles in ' || $recent_days || ' days' end,
            case when listed.complaint_count > 0 then 'complained before (' || listed.complaint_count || ')' end,
            case
                when listed.probability_7_days is null then 'probability of a complaint unknown'
                when listed.probability_7_days < 0.001 then 'complaint within 7 days: under 0.1 %'
                else 'complaint within 7 days: ' || printf('%.1f', 100 * listed.probability_7_days) || ' %'
            end
        ) as reasons_en,
        concat_ws(
            '；',
            coalesce(taxonomy.name_zh, listed.grumble_type_code, '未分类抱怨'),
            replace(duration.zh, $age_place, cast(listed.age_days as varchar)),
            solved_words.zh,
            case when listed.association_coefficient is not null then association.zh end,
            case when listed.behaviour_code <> 'not_shown_yet' then tolerance.zh end,
            case when listed.recent_count > 1 then '近' || $recent_days || '天抱怨' || listed.recent_count || '次' end,
            case when listed.complaint_count > 0 then '曾投诉' || listed.complaint_count || '次' end,
            case
                when listed.probability_7_days is null then '投诉概率未知'
                when listed.probability_7_days < 0.001 then '7天内投诉概率低于0.1%'
                else '7天内投诉概率' || printf('%.1f', 100 * listed.probability_7_days) || '%'
            end
        ) as reasons_zh,
        expected.expects_en, expected.expects_zh, expected.does_en, expected.does_zh,
        listed.first_warned_on, listed.is_new, listed.model_version, listed.rule_version
    from listed
    join strategic using (day_on, customer_id)
    left join expected using (day_on, customer_id)
    left join taxonomy on taxonomy.grumble_type_code = listed.grumble_type_code
    left join item_of_type on item_of_type.grumble_type_code = listed.grumble_type_code
    join solved_words on solved_words.code = listed.solved_state_code
    join part_words as duration on duration.name = 'duration' and duration.part = listed.duration_part
    join part_words as association on association.name = 'association' and association.part = listed.association_part
    join part_words as tolerance on tolerance.name = 'tolerance' and tolerance.part = listed.tolerance_part
)
select * from final
