-- model: complaint_of_top
-- grain: the month
-- inputs: complaint_causes, top_source
-- Complaints of the month: all, those whose customer and matter are known, those with a cause, and those whose cause is
-- at one of the top sources: each once, however many of the sources it was at.
with
cause as (select row_number() over () as complaint_number, * from complaint_causes),
placed as (
    select complaint_number, dimension_code, source_code
    from (unpivot cause on ivr_node, topic, agent_group, center, plan, city into name dimension_code value source_code)
),
at_top as (
    select distinct placed.complaint_number
    from placed
    semi join top_source
        on placed.dimension_code = top_source.dimension_code and placed.source_code = top_source.source_code
),
final as (
    select
        count(*) as complaints,
        count(*) filter (cause.is_attributable) as attributable,
        count(*) filter (cause.has_cause) as with_cause,
        count(at_top.complaint_number) as of_top
    from cause
    left join at_top on cause.complaint_number = at_top.complaint_number
)
select * from final
