-- The grumbles in contacts of days that were recorded before, as they were recorded. Inputs: kept_file (mart_grumble of the days).
with
final as (
    select
        grumble_id, customer_id, grumbled_at, grumbled_on, source_kind_code, source_id, grumble_type_code, classified_by_code, confidence,
        classifier_version, topic_code, mood_code, is_company_at_fault, is_solved_at_once
    from kept_file
    where source_kind_code = 'contact' and list_contains($days, grumbled_on)
)
select * from final
