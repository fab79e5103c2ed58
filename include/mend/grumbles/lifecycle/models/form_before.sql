-- model: form_before
-- grain: one customer with a form last month
-- inputs: form_file, person_of_customer, form_rank
-- share: customer_id
-- Last month's forms under the id by which each customer goes now; of a person's ids the furthest.
with
named as (
    select coalesce(person_of_customer.person_id, form_file.customer_id) as customer_id, form_rank.form_number
    from form_file
    join form_rank on form_file.form_code = form_rank.form_code
    left join person_of_customer on form_file.customer_id = person_of_customer.customer_id
),
final as (select customer_id, max(form_number) as form_number from named group by customer_id)
select * from final
