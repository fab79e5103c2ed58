-- model: item_of_type
-- grain: one grumble type
-- inputs: taxonomy
-- The survey item of each grumble type: its own; of an area, the one with the greatest weight among its points.
with
weighed as (
    select parent_code as grumble_type_code, survey_item_code, sum(cast(round(1e9 * weight) as bigint)) as weight
    from taxonomy
    where parent_code is not null and survey_item_code is not null
    group by all
),
placed as (
    select *, row_number() over (partition by grumble_type_code order by weight desc, survey_item_code) as place
        from weighed
),
final as (
    select grumble_type_code, survey_item_code from taxonomy where survey_item_code is not null
    union all
    select grumble_type_code, survey_item_code
    from placed
    where place = 1
        and grumble_type_code not in (select grumble_type_code from taxonomy where survey_item_code is not null)
)
select * from final
