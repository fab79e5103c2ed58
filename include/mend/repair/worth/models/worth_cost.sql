-- model: worth_cost
-- grain: the month
-- inputs: action_file, person_of_customer
-- What keeping a customer cost: yuan of the month's repair actions for each customer for whom one with a known cost
-- was done. Empty: none has a cost.
with
done as (
    select coalesce(person_of_customer.person_id, action_file.customer_id) as customer_id, action_file.cost_amount
    from action_file
    left join person_of_customer on action_file.customer_id = person_of_customer.customer_id
    where action_file.cost_amount is not null
),
final as (select cast(sum(cost_amount) as double) / nullif(count(distinct customer_id), 0) as keeping_cost from done)
select * from final
