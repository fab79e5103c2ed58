-- model: training
-- grain: one note of a known meaning
-- inputs: noted_file, code_map
-- params: not_a_grumble, days, limit, calm_limit
-- What each is about: the source's code, or that nobody was displeased (calm, and no code). A sample of each kind by
-- the digest of the contact's id, which is the same in every run.
with
noted as (
    select
        noted_file.contact_id, noted_file.started_on, trim(noted_file.note_text) as note,
        case when noted_file.grumble_type_code is null then $not_a_grumble else code_map.code end as label
    from noted_file
    left join code_map on code_map.source_code = noted_file.grumble_type_code
    where trim(noted_file.note_text) <> '' and list_contains($days, noted_file.started_on)
        and (noted_file.grumble_type_code is not null or noted_file.mood_code = 'calm')
),
placed as (
    select *, row_number() over (partition by label = $not_a_grumble order by md5(contact_id), contact_id) as place
    from noted
    where label is not null
),
final as (
    select contact_id, started_on, note, label
    from placed
    where place <= case when label = $not_a_grumble then $calm_limit else $limit end
    order by started_on, contact_id
)
select * from final
