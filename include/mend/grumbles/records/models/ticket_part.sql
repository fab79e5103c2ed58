-- model: ticket_part
-- grain: one grumble or complaint filed as a ticket
-- inputs: ticket, run_day, opening, ticket_reading, topic_map, type_list
-- share: contact_id via contact_owner
-- Classified once: by the code of the contact that opened it, else by its description, else by that contact's note,
-- else by the topic. A grumble that is on record as its contact's is not recorded again.
with
filed as (
    select
        ticket.* exclude (read_code, read_confidence, read_version),
        run_day.taxonomy_version,
        case when is_to_read then ticket_reading.code else read_code end as read_code,
        case when is_to_read then ticket_reading.confidence else read_confidence end as read_confidence,
        case when is_to_read then ticket_reading.classifier_version else read_version end as read_version
    from ticket
    join run_day on run_day.day = ticket.opened_on
    left join ticket_reading on ticket_reading.source_id = ticket.ticket_id
    where kind_code in ('grumble', 'complaint')
),
evidence as (
    select
        filed.*,
        opening.ticket_id is not null as is_of_grumble,
        case when opening.contact_by_code = 'source' then opening.contact_code end as source_type_code,
        type_list.code as own_code,
        case when opening.contact_by_code = 'text' then opening.contact_code end as note_code,
        opening.contact_confidence as note_confidence, opening.contact_version as note_version,
        topic_map.code as topic_type_code
    from filed
    left join opening using (ticket_id)
    left join type_list on type_list.code = filed.read_code and type_list.taxonomy_version = filed.taxonomy_version
    left join topic_map on topic_map.topic_code = filed.topic_code
        and topic_map.taxonomy_version = filed.taxonomy_version
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
        case when source_type_code is null
            then case when own_code is not null then read_confidence else note_confidence end end as confidence,
        case when source_type_code is null
            then case when own_code is not null then read_version else note_version end end as classifier_version
    from evidence
    where kind_code = 'complaint' or (customer_id is not null and not is_of_grumble)
)
select * from final
