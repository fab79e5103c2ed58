-- model: booking_row
-- grain: one booking whose time limit ran out in the month
-- inputs: booking_file, person_of_customer
-- params: first, after, limit_seconds
-- A call back after the month's end did not happen yet. `callback_seconds` is empty when nobody has called back.
with
due as (
    select *, requested_at + to_seconds($limit_seconds) as due_at, called_back_at < $after as has_call
    from booking_file
),
final as (
    select
        due.* exclude (customer_id, called_back_at, is_reached, has_call),
        coalesce(person_of_customer.person_id, due.customer_id) as customer_id,
        due.booking_id as row_key,
        case when due.has_call then due.called_back_at end as called_back_at,
        case when due.has_call then due.is_reached end as is_reached,
        coalesce(due.has_call and due.called_back_at <= due.due_at, false) as is_on_time,
        case when due.has_call then cast(epoch(due.called_back_at) - epoch(due.requested_at) as double) end
            as callback_seconds
    from due
    left join person_of_customer on due.customer_id = person_of_customer.customer_id
    where due.due_at >= $first and due.due_at < $after
)
select * from final
