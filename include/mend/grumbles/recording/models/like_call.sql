-- model: like_call
-- grain: one agent's calls of a topic and area
-- inputs: contact_file, grumble
-- Calls that an agent served, by topic, and those recorded as a grumble, by area; the row without an area has the other
-- calls.
with
served as (
    select contact_id, topic_code, coalesce(nullif(center_code, ''), 'unknown') as center_code, agent_id
    from contact_file
    where direction_code = 'inbound' and coalesce(agent_id, '') <> '' and topic_code is not null
),
recorded as (
    select source_id, coalesce(split_part(grumble_type_code, '.', 1), 'unclassified') as area_code
    from grumble
    where source_kind_code = 'contact'
),
final as (
    select served.center_code, served.agent_id, served.topic_code, recorded.area_code, count(*) as calls
    from served
    left join recorded on recorded.source_id = served.contact_id
    group by all
    order by all
)
select * from final
