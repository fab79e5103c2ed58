-- model: page_candidate
-- grain: one candidate of a version of a month's list
-- inputs: gate_file, row_file
-- params: month, version, list_id
-- What came of a candidate, with their rows of the list. The pattern of that number has the gates of each strategy.
with
gate as (select * from gate_file where month = $month and version = $version),
listed as (
    select
        customer_id,
        to_json(list(json_object(
            'strategy', strategy_code, 'is_owed', is_entitlement, 'is_overload', is_overload, 'city', city_code,
            'rank', rank, 'planned_on', planned_on, 'valid_until', valid_until, 'share', sample_probability,
            'reasons_en', reasons_en, 'reasons_zh', reasons_zh
        ) order by is_entitlement desc, strategy_code)) as content
    from row_file
    where month = $month and version = $version
    group by customer_id
),
final as (
    select
        $list_id as list_id,
        gate.customer_id,
        gate.month,
        gate.place,
        gate.level,
        gate.score,
        gate.city_code,
        gate.outcome_code,
        gate.is_universal_hold_out,
        gate.pattern_number,
        coalesce(listed.content, '[]'::json) as listed
    from gate
    left join listed using (customer_id)
)
select * from final
