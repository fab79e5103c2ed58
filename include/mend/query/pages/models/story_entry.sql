-- model: story_entry
-- grain: one ledger entry of the month
-- inputs: posted, person_of_customer
-- share: customer_id
-- The entry under the id by which the customer goes.
with
final as (
    select coalesce(person_of_customer.person_id, posted.customer_id) as customer_id, posted.* exclude (customer_id)
    from posted
    left join person_of_customer on posted.customer_id = person_of_customer.customer_id
)
select * from final
