-- model: repeated
-- grain: one batch in which a key comes more than once
-- inputs: gated
-- share: whole
-- fills: key
with
counted as (
    select batch_number, {key}, count(*) as row_count from gated group by all
),
final as (
    select batch_number, cast(sum(row_count) as bigint) as repeated_count
    from counted
    where row_count > 1
    group by all
)
select * from final
