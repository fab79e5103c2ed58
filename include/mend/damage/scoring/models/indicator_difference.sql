-- model: indicator_difference
-- grain: one indicator or credit that is not stored as it is now
-- inputs: indicator_now, indicator_stored
-- share: whole
-- What differs between the rules and their table.
with final as (
    (select * from indicator_now except select * from indicator_stored)
    union all
    (select * from indicator_stored except select * from indicator_now)
)
select * from final
