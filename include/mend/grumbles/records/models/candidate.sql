-- model: candidate
-- grain: one contact that may be a grumble
-- inputs: contact, run_day, code_map, mood_list
-- share: customer_id
-- With the code that the source gave. Without code and with a mood unknown, only the note can tell; calm without a code
-- is none, by the agent's word.
with
known as (
    select contact.*, run_day.taxonomy_version, run_day.least_confidence_unasked, nullif(trim(note_text), '') as note
    from contact
    join run_day on run_day.day = contact.started_on
    where customer_id is not null
),
final as (
    select
        known.contact_id, known.customer_id, known.started_at, known.started_on, known.topic_code, known.mood_code,
        known.is_company_at_fault, known.taxonomy_version, known.least_confidence_unasked,
        coalesce(known.is_resolved, false) as is_solved_at_once,
        known.note,
        code_map.code as source_type_code,
        known.grumble_type_code is null and known.mood_code is null as is_unasked
    from known
    left join code_map on code_map.source_code = known.grumble_type_code
        and code_map.taxonomy_version = known.taxonomy_version
    left join mood_list on mood_list.mood_code = known.mood_code and mood_list.taxonomy_version = known.taxonomy_version
    where known.grumble_type_code is not null
        or mood_list.mood_code is not null
        or (known.mood_code is null and known.note is not null)
)
select * from final
