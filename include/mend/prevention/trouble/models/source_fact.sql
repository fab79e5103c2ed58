-- model: source_fact
-- grain: one row of placed in one dimension
-- inputs: placed, dimension, dimension_stage
-- share: customer_id
-- params: first_on
-- The same contacts and points once a dimension. Of points those are compared that are of the stages of its kind: what
-- a menu node does shows in the menu.
with
fact as (select * from placed),
final as (
    select
        dimension.dimension_code,
        case dimension.dimension_code
            when 'ivr_node' then fact.ivr_node
            when 'topic' then fact.topic
            when 'agent_group' then fact.agent_group
            when 'center' then fact.center
            when 'plan' then fact.plan
            when 'city' then fact.city
        end as source_code,
        fact.customer_id,
        fact.day_on,
        fact.day_on >= $first_on as is_now,
        fact.contacts,
        fact.thousandths,
        case when dimension_stage.stage_code is null then 0 else fact.compared end as compared
    from fact
    cross join dimension
    left join dimension_stage
        on dimension.dimension_code = dimension_stage.dimension_code and fact.stage_code = dimension_stage.stage_code
)
select * from final
