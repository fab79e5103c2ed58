-- model: grumble_type
-- grain: one grumble type
-- inputs: input_grumble
-- params: most_grumble_types
-- The commonest grumble types, numbered by their code from 0: each is a bit of a pattern.
with
common as (
    select grumble_type_code
    from input_grumble
    group by grumble_type_code
    order by count(*) desc, grumble_type_code
    limit $most_grumble_types
),
final as (
    select cast(row_number() over (order by grumble_type_code) - 1 as integer) as type_no, grumble_type_code from common
)
select * from final
