-- Grumbles in contacts, classified once: by the source's code, else by the note, else by the topic. Inputs: candidate, reading (what the
-- texts were read as), topic_map, type_list.
with
said as (
    select source_id, code, confidence, classifier_version
    from reading
    semi join type_list on type_list.code = reading.code
    where source_kind_code = 'contact'
),
typed as (
    select
        candidate.*,
        said.code as text_code, said.confidence, said.classifier_version,
        topic_map.code as topic_type_code
    from candidate
    left join said on said.source_id = candidate.contact_id
    left join topic_map on topic_map.topic_code = candidate.topic_code
    where not candidate.is_unasked or said.confidence >= $least_confidence_unasked
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
)
select * from final
