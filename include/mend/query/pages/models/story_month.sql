-- model: story_month
-- grain: one customer of the month
-- inputs: month_row
-- share: customer_id
-- The customer's row with a digest of what the story tells of it.
with
final as (
    select
        *,
        md5(
            concat_ws(
                '|', level, score, segment_code, coalesce(lifecycle_stage_code, ''), coalesce(city_code, ''),
                is_explicit, has_left, is_closed, carry_over_points, damage_points, repair_points, peak_points,
                end_points, contact_count, incident_count, explicit_grade, is_escalated, is_in_consolidation,
                is_last_known
            )
        ) as row_digest
    from month_row
)
select * from final
