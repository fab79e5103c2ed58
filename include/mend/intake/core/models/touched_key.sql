-- model: touched_key
-- grain: one key of which a version came or left, or was touched by an earlier load of the same arrivals
-- inputs: raw_touched, change_before
-- share: whole
-- fills: subject_id
with
came as (
    select {subject_id} as subject_id from raw_touched
),
before as (
    select subject_id from change_before
),
final as (
    select subject_id from came union select subject_id from before
)
select * from final
