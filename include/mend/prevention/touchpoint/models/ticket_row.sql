-- model: ticket_row
-- grain: one ticket whose time limit ran out in the month
-- inputs: ticket_state, person_of_customer
-- params: first, after, limit_seconds
-- As the ticket stood when the month ended, whatever became of it later. Its limit is the promised time, else so long
-- after the opening: a ticket of the month's last evening is not late yet, and belongs to the month after.
-- Closed or resolved after the limit is not on time; neither is what is still open.
with
state_then as (
    select *, row_number() over (partition by ticket_id order by version_at desc) as place
    from ticket_state
    where version_at < $after
),
due as (
    select
        *,
        coalesce(promised_at, opened_at + to_seconds($limit_seconds)) as due_at,
        coalesce(least(resolved_at, closed_at), resolved_at, closed_at) as ended_at
    from state_then
    where place = 1
),
final as (
    select
        due.* exclude (place, customer_id),
        coalesce(person_of_customer.person_id, due.customer_id) as customer_id,
        due.ticket_id as row_key,
        due.ended_at is not null and due.ended_at <= due.due_at as is_on_time,
        cast(epoch(due.ended_at) - epoch(due.opened_at) as double) as handling_seconds
    from due
    left join person_of_customer on due.customer_id = person_of_customer.customer_id
    where due.due_at >= $first and due.due_at < $after
)
select * from final
