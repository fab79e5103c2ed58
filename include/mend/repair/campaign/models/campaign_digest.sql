-- model: campaign_digest
-- grain: a table
-- inputs: digested
-- fills: row_text
-- How many rows, and two sums over their MD5: the same for the same rows in whatever order.
with
hashed as (
    select md5_number_lower(row_text) as low, md5_number_upper(row_text) as high
    from (select {row_text} as row_text from digested) as written
),
final as (
    select count(*) as row_count, coalesce(sum(low), 0) as low_sum, coalesce(sum(high), 0) as high_sum from hashed
)
select * from final
