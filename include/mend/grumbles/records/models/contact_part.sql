-- model: contact_part
-- grain: one grumble in a contact that is read
-- inputs: candidate, contact_reading, topic_map, type_list
-- share: customer_id
-- Classified once: by the source's code, else by the note, else by the topic.
with
typed as (
    select
        candidate.*,
        type_list.code as text_code,
        case when type_list.code is not null then contact_reading.confidence end as confidence,
        case when type_list.code is not null then contact_reading.classifier_version end as classifier_version,
        topic_map.code as topic_type_code
    from candidate
    left join contact_reading on contact_reading.source_id = candidate.contact_id
    left join type_list on type_list.code = contact_reading.code
        and type_list.taxonomy_version = candidate.taxonomy_version
    left join topic_map on topic_map.topic_code = candidate.topic_code
        and topic_map.taxonomy_version = candidate.taxonomy_version
),
final as (
    select
        'contact:' || contact_id as grumble_id,
        customer_id,
        started_at as grumbled_at,
        started_on as grumbled_on,
        'contact' as source_kind_code,
        contact_id as source_id,
        coalesce(source_type_code, text_code, topic_type_code) as grumble_type_code,
        case
            when source_type_code is not null then 'source'
            when text_code is not null then 'text'
            when topic_type_code is not null then 'source'
            else 'none'
        end as classified_by_code,
        case when source_type_code is null then confidence end as confidence,
        case when source_type_code is null then classifier_version end as classifier_version,
        topic_code, mood_code, is_company_at_fault, is_solved_at_once
    from typed
    where not is_unasked or confidence >= least_confidence_unasked
)
select * from final
