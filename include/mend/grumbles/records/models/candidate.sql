-- Contacts that may be grumbles, with the code that their source gave. Inputs: contact_file (the contacts to read), code_map.
-- Without code and with a mood unknown, only the note can tell; calm without a code is none, by the agent's word.
with
known as (
    select *, nullif(trim(note_text), '') as note
    from contact_file
    where customer_id is not null and list_contains($days, started_on)
),
final as (
    select
        known.contact_id, known.customer_id, known.started_at, known.started_on, known.topic_code, known.mood_code,
        known.is_company_at_fault,
        coalesce(known.is_resolved, false) as is_solved_at_once,
        known.note,
        code_map.code as source_type_code,
        known.grumble_type_code is null and known.mood_code is null as is_unasked
    from known
    left join code_map on code_map.source_code = known.grumble_type_code
    where known.grumble_type_code is not null
        or list_contains($moods, known.mood_code)
        or (known.mood_code is null and known.note is not null)
)
select * from final
