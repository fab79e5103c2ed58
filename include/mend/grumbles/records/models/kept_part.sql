-- The grumbles in contacts that are told anew: those that were read now, and the others as they were recorded. Inputs: contact_new, kept_file
-- (mart_grumble), contact_scope, changed_contact, whole_day.
with
kept as (
    select
        grumble_id, customer_id, grumbled_at, grumbled_on, source_kind_code, source_id, grumble_type_code, classified_by_code, confidence,
        classifier_version, topic_code, mood_code, is_company_at_fault, is_solved_at_once
    from kept_file
    where source_kind_code = 'contact'
        and source_id in (select contact_id from contact_scope)
        and source_id not in (select subject_id from changed_contact)
        and grumbled_on not in (select day from whole_day)
),
final as (
    select * from contact_new
    union all by name
    select * from kept
)
select * from final
