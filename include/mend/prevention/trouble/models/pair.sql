-- model: pair
-- grain: two sources of different dimensions, of those asked for
-- inputs: cells, asked, dimension_stage
-- order: dimension_code, source_code, other_dimension_code, other_source_code
-- Contacts that two sources share, in the month and before, and what they cost in the stages of the first one.
with
numbered as (select row_number() over () as cell_number, * from cells),
unpivoted as (
    unpivot numbered on ivr_node, topic, agent_group, center, plan, city into name dimension_code value source_code
),
known as (
    select
        unpivoted.* exclude (compared),
        case when dimension_stage.stage_code is null then 0 else unpivoted.compared end as compared
    from unpivoted
    semi join asked
        on unpivoted.dimension_code = asked.dimension_code and unpivoted.source_code = asked.source_code
    left join dimension_stage
        on unpivoted.dimension_code = dimension_stage.dimension_code
            and unpivoted.stage_code = dimension_stage.stage_code
),
final as (
    select
        one.dimension_code,
        one.source_code,
        other.dimension_code as other_dimension_code,
        other.source_code as other_source_code,
        cast(sum(case when one.is_now then one.contacts else 0 end) as bigint) as n,
        cast(sum(case when one.is_now then one.compared else 0 end) as bigint) as p,
        cast(sum(case when one.is_now then 0 else one.contacts end) as bigint) as m,
        cast(sum(case when one.is_now then 0 else one.compared end) as bigint) as q
    from known as one
    join known as other
        on one.cell_number = other.cell_number and one.dimension_code <> other.dimension_code
    group by all
)
select * from final
