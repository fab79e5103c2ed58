-- model: core_version
-- grain: one state of a row, from version_at to the next state's
-- inputs: raw_day, state, state_before, touched_key
-- share: whole
-- fills: columns, subject_id
-- Of rows that are not touched, the states stay as they are.
with
came as (
    select {columns}, version_at from raw_day inner join state using (batch_number, line_number)
),
unchanged as (
    select {columns}, version_at
    from state_before anti join touched_key on touched_key.subject_id = state_before.{subject_id}
),
final as (
    select * from came union all select * from unchanged
)
select * from final
