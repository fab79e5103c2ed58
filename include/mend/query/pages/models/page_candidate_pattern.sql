-- model: page_candidate_pattern
-- grain: one pattern of gates of a version of a month's list
-- inputs: pattern_file
-- params: month, version, list_id
-- Per strategy every gate that was failed (bit k is the k-th of the code list campaign_gate), and the arm.
with
final as (
    select
        $list_id as list_id,
        pattern_number,
        to_json(list(json_object(
            'strategy', strategy_code, 'is_owed', is_entitlement, 'gates', gate_mask, 'arm', arm_code
        ) order by is_entitlement desc, strategy_code)) as content
    from pattern_file
    where month = $month and version = $version
    group by pattern_number
)
select * from final
