-- model: customer_number
-- grain: one customer with contacts on the days that are scored, or just before them
-- inputs: contact_target
-- share: whole
-- params: share_count
-- A whole number for each customer: contacts are sorted and told apart by it, and every text of the step is looked up
-- once.
with
customer as (select distinct customer_id from contact_target where customer_id is not null),
final as (
    select
        row_number() over () as customer_number,
        customer_id,
        cast(md5_number_lower(customer_id) % $share_count as integer) as share_number
    from customer
)
select * from final
