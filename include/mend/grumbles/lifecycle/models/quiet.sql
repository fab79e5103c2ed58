-- model: quiet
-- grain: one customer of a month's snapshot whom its close does not know
-- inputs: snapshot, closed
-- share: customer_id
-- params: month, first_day, is_closed
-- Whoever had no contact, no damage and said nothing: they stand beside the damaged. A month
-- that is not closed has none.
with
known as (select customer_id from closed where month = $month),
final as (
    select snapshot.customer_id
    from snapshot
    anti join known on snapshot.customer_id = known.customer_id
    where snapshot.month_on = $first_day and $is_closed
)
select * from final
