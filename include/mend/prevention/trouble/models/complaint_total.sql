-- model: complaint_total
-- grain: one source
-- inputs: complaint_causes, dimension
-- order: dimension_code, source_code
-- Complaints that go back to a source: each once a dimension.
with
cause as (select * from complaint_causes where has_cause),
final as (
    select
        dimension.dimension_code,
        case dimension.dimension_code
            when 'ivr_node' then cause.ivr_node
            when 'topic' then cause.topic
            when 'agent_group' then cause.agent_group
            when 'center' then cause.center
            when 'plan' then cause.plan
            when 'city' then cause.city
        end as source_code,
        count(*) as complaint_count
    from cause
    cross join dimension
    group by all
)
select * from final
