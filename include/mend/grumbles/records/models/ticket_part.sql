-- Grumbles and complaints filed as tickets, classified once: by the code of the contact that opened it, else by its description, else by
-- that contact's note, else by the topic. A grumble that is on record as its contact's is not recorded again. Inputs: ticket_file,
-- opening, reading, topic_map, type_list.
with
filed as (
    select * from ticket_file where kind_code in ('grumble', 'complaint') and opened_on >= $first and opened_on < $until
),
said as (
    select source_id, code, confidence, classifier_version
    from reading
    semi join type_list on type_list.code = reading.code
    where source_kind_code = 'ticket'
),
evidence as (
    select
        filed.*,
        opening.ticket_id is not null as is_of_grumble,
        case when opening.contact_by_code = 'source' then opening.contact_code end as source_type_code,
        said.code as own_code, said.confidence as own_confidence, said.classifier_version as own_version,
        case when opening.contact_by_code = 'text' then opening.contact_code end as note_code,
        opening.contact_confidence as note_confidence, opening.contact_version as note_version,
        topic_map.code as topic_type_code
    from filed
    left join opening using (ticket_id)
    left join said on said.source_id = filed.ticket_id
    left join topic_map on topic_map.topic_code = filed.topic_code
),
final as (
    select
        ticket_id, customer_id, kind_code, opened_at, opened_on, topic_code, city_code, is_escalated,
        coalesce(source_type_code, own_code, note_code, topic_type_code) as type_code,
        case
            when source_type_code is not null then 'source'
            when own_code is not null or note_code is not null then 'text'
            when topic_type_code is not null then 'source'
            else 'none'
        end as classified_by_code,
        case when source_type_code is null then case when own_code is not null then own_confidence else note_confidence end end as confidence,
        case when source_type_code is null then case when own_code is not null then own_version else note_version end end as classifier_version
    from evidence
    where kind_code = 'complaint' or (customer_id is not null and not is_of_grumble)
)
select * from final
