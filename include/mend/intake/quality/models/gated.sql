-- model: gated
-- grain: one row of the batches that are judged
-- inputs: raw_arrived
-- share: whole
-- fills: columns
-- Every column, and one for each rule of kind `holds` (its name the rule's), which is true for a good row.
with
final as (
    select {columns} from raw_arrived
)
select * from final
