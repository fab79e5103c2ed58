-- model: recorded
-- grain: one grumble in a contact that is not read now
-- inputs: grumble_file, read_day, changed
-- share: customer_id
-- Grumbles in contacts, as they were recorded.
select
    grumble_id, customer_id, grumbled_at, grumbled_on, source_kind_code, source_id, grumble_type_code,
    classified_by_code, confidence,
    classifier_version, topic_code, mood_code, is_company_at_fault, is_solved_at_once
from grumble_file
where source_kind_code = 'contact'
    and grumbled_on not in (select day from read_day)
    and source_id not in (select subject_id from changed where kind_code = 'contact')
