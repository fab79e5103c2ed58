-- model: customer_number
-- grain: one customer with contacts on the days that are scored, or with some just before them that are decided on these days
-- inputs: contact_target, scored_day
-- share: whole
-- params: share_count
-- fills: failed_attempt, may_wait
-- A whole number for each customer: contacts are sorted and told apart by it, and every text of the step is looked up once.
with
contact as (select *, {failed_attempt} as is_failed_attempt from contact_target where customer_id is not null),
customer as (
    select distinct customer_id from contact
    where started_on in (select day from scored_day) or {may_wait}
),
final as (
    select
        row_number() over () as customer_number,
        customer_id,
        cast(md5_number_lower(customer_id) % $share_count as integer) as share_number
    from customer
)
select * from final
