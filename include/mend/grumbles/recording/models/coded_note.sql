-- model: coded_note
-- grain: one contact with a code of the source and a note
-- inputs: contact_file, code_map
-- params: most
-- The month's coded notes to be read again, a sample by the digest of the contact's id, which is the same in every run.
with
coded as (
    select
        contact_file.contact_id, contact_file.started_on,
        coalesce(nullif(contact_file.center_code, ''), 'unknown') as center_code,
        coalesce(nullif(contact_file.agent_id, ''), 'unknown') as agent_id,
        code_map.code, trim(contact_file.note_text) as note
    from contact_file
    join code_map on code_map.source_code = contact_file.grumble_type_code
    where trim(contact_file.note_text) <> ''
),
placed as (select *, row_number() over (order by md5(contact_id), contact_id) as place from coded),
final as (select * exclude (place) from placed where place <= $most order by started_on, contact_id)
select * from final
