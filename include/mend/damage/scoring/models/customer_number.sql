-- model: customer_number
-- grain: one customer with contacts on the days that are scored, or with some just before them that are decided on these days
-- inputs: contact_of_days, contact_before
-- share: whole
-- params: share_count
-- fills: failed_attempt, may_wait
-- A whole number for each customer: contacts are sorted and told apart by it, and every text of the step is looked up
-- once.
with
before as (select *, {failed_attempt} as is_failed_attempt from contact_before),
customer as (
    select customer_id from contact_of_days where customer_id is not null
    union
    select customer_id from before where customer_id is not null and {may_wait}
),
numbered as (select row_number() over () as customer_number, customer_id from customer),
final as (select *, cast(customer_number % $share_count as integer) as share_number from numbered)
select * from final
