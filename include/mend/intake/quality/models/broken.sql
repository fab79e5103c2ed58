-- model: broken
-- grain: one batch that has rows
-- inputs: gated
-- share: whole
-- fills: counts
-- Its rows, and for each rule those that break it.
with
final as (
    select batch_number, {counts} from gated group by batch_number
)
select * from final
