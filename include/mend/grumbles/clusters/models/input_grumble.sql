-- model: input_grumble
-- grain: one grumble
-- inputs: grumble_file, taxonomy
-- Grumbles with their area: the parent of their point in any version of the taxonomy, else the code itself.
with
parent as (
    select grumble_type_code, max(parent_code) as parent_code from taxonomy group by grumble_type_code
),
final as (
    select
        customer_id, grumbled_at, grumbled_on, is_solved_at_once, topic_code, complaint_id,
        coalesce(parent_code, grumble_type_code) as area_code
    from grumble_file
    left join parent using (grumble_type_code)
)
select * from final
